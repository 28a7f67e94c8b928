"""Real hosts of a published site, Apache and nginx, and requests to them."""

import http.client
import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import needs
from serving import Answer

_MODULES = ("mpm_event", "authz_core", "alias", "dir", "env", "filter", "headers", "mime", "negotiation", "rewrite")


def ask(port: int, path: str, method: str = "GET", **headers: str) -> Answer:
    """Send a request to a port of this machine."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request(method, path, headers={name.replace("_", "-"): value for name, value in headers.items()})
    answer = connection.getresponse()
    found = Answer(answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read())
    connection.close()
    return found


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextmanager
def _started(command: list[str], port: int) -> Iterator[int]:
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    try:
        for _ in range(100):
            with socket.socket() as trying:
                if trying.connect_ex(("127.0.0.1", port)) == 0:
                    break
            assert process.poll() is None, process.communicate()[0].decode()
            time.sleep(0.05)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=10)
        assert process.stdout is not None
        process.stdout.close()


def readable(folder: Path) -> Path:
    """The folder, which the servers may read as the users that they become."""
    for parent in (folder, *folder.parents[:3]):
        if parent.owner() == folder.owner() and parent != Path("/tmp"):
            parent.chmod(0o755)
    return folder


@contextmanager
def apache(root: Path, home: Path) -> Iterator[int]:
    """Serve a folder with the rules in it, at the port; ``home`` is for the files of the server itself."""
    program, port = needs.program("apache2"), _free_port()
    modules = "\n".join(f"LoadModule {name}_module /usr/lib/apache2/modules/mod_{name}.so" for name in _MODULES)
    identity = "User www-data\nGroup www-data" if os.geteuid() == 0 else ""
    (home / "apache.conf").write_text(
        f"""ServerRoot {home}
{modules}
{identity}
Listen 127.0.0.1:{port}
ServerName 127.0.0.1
PidFile {home}/pid
ErrorLog {home}/log
TypesConfig /etc/mime.types
DocumentRoot {root}
DirectoryIndex index.html
<Directory {root}>
  AllowOverride All
  Require all granted
</Directory>
""",
        encoding="utf-8",
    )
    with _started([program, "-X", "-f", f"{home}/apache.conf"], port):
        yield port


@contextmanager
def nginx(site: Path, stem: str, home: Path) -> Iterator[int]:
    """Serve a site, whose whole graph is in files of this stem, by its own rules at the port."""
    program, port = needs.program("nginx"), _free_port()
    rules = (site / "hosting/nginx.conf").read_text(encoding="utf-8")
    rules = rules.replace("listen 80;", f"listen 127.0.0.1:{port};")
    rules = rules.replace(f"root /var/www/{stem};", f"root {site};")
    temporary = "\n".join(
        f"{name}_temp_path {home}/{name};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (home / "nginx.conf").write_text(
        f"daemon off;\npid {home}/pid;\nerror_log {home}/log;\nevents {{}}\n"
        f"http {{\naccess_log off;\n{temporary}\n{rules}}}\n",
        encoding="utf-8",
    )
    with _started([program, "-e", f"{home}/log", "-c", f"{home}/nginx.conf"], port):
        yield port
