"""Requests over HTTP: as whom, trusting whom, how long, how often again, and answers that are bounded.

What a server answers is a stranger's: it has so many bytes and so many seconds, and is not followed to another host.
Credentials go only where the URL leads that they were given for, and where that server asks for them.
"""

from __future__ import annotations

import random
import socket
import time
from base64 import b64encode
from collections.abc import Callable, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass, field
from email.message import Message
from functools import cache
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from io import BytesIO
from pathlib import Path
from threading import Timer
from typing import IO, Any, NamedTuple, TypeVar
from urllib.error import HTTPError
from urllib.parse import urljoin, urlsplit
from urllib.request import (
    AbstractDigestAuthHandler,
    BaseHandler,
    HTTPDefaultErrorHandler,
    HTTPErrorProcessor,
    HTTPHandler,
    HTTPPasswordMgrWithDefaultRealm,
    HTTPRedirectHandler,
    HTTPSHandler,
    OpenerDirector,
    ProxyHandler,
    Request,
)

from ..errors import UsageError
from ..text import Text, quoted
from ..translation import message as _
from .answers import PAGE, copy_body, reason, retry_after

T = TypeVar("T")
AGENT = "ghent-partnerships (https://w3id.org/ghent-partnerships/)"
BASIC, DIGEST, BEARER = SCHEMES = ("basic", "digest", "bearer")  # RFC 7617, RFC 7616, RFC 6750
MOST = 64 << 20  # bytes of an answer
_ATTEMPTS, _SLOW_ATTEMPTS = 6, 2  # in all, and where no answer comes in time
_FIRST_PAUSE, _LONGEST_PAUSE = 0.25, 60.0  # seconds; each pause is up to twice as long as the one before
_NOT_TRIED_AGAIN = {HTTPStatus.NOT_IMPLEMENTED, HTTPStatus.HTTP_VERSION_NOT_SUPPORTED}
_PORTS = {"http": 80, "https": 443}


class RefusedError(UsageError):
    """The server answers that it does not do it, with a ``status`` of 400 or more, and ``headers``."""

    def __init__(self, message: Text | str, status: int = 0, headers: Message | None = None) -> None:
        super().__init__(message)
        self.status, self.headers = status, headers or Message()  # what is pickled has only the first at first


class UnreachableError(UsageError):
    """No answer came, or not all of it: what was asked may have been done or not."""


class SlowError(UnreachableError):
    """No answer came in time."""


@dataclass(frozen=True)
class Access:
    """How a server is asked.

    The user and the password, or the token, are sent to ``origin`` alone, a URL of which scheme, host and port count.
    ``scheme``, one of ``SCHEMES``, sends them with the first request, but for the digest, which has to be asked for; by
    default all wait until the server asks. ``ca`` is a file with the certificates that are trusted in the place of
    those of the system, and ``seconds`` how long connecting may take, the head of an answer, and what is slow in it.
    """

    origin: str = ""
    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)
    token: str = field(default="", repr=False)
    scheme: str = ""
    ca: Path | None = None
    seconds: float = 60.0

    @property
    def is_known(self) -> bool:
        """Whether there is anything to identify with."""
        return bool(self.token or self.user)


class Response(NamedTuple):
    """An answer: its status, below 400, its headers and its body."""

    status: int
    headers: Message
    body: bytes


def request(
    method: str,
    url: str,
    *,
    body: bytes | None = None,
    headers: Mapping[str, str] | None = None,
    access: Access | None = None,
    again: bool = True,
    most: int = MOST,
    into: IO[bytes] | None = None,
    patience: float = 0,
) -> Response:
    """Ask a server, again where it is busy (429), fails (5xx) or is cut off, with pauses that grow, or as long as its
    ``Retry-After`` says; where it is silent, once. ``again`` is False for what must not be done twice. ``most`` is how
    many bytes may come, which are written ``into`` a file where that is given, from its start. ``patience`` is for how
    many seconds the answer may keep us waiting beside those of the access.

    Raises:
        RefusedError: the server refuses.
        UnreachableError: no whole answer comes.
        UsageError: the URL or the certificates cannot be used, or the answer is too large.
    """
    access = access or Access()
    asked = Request(checked(url), body, {"User-Agent": AGENT, **(headers or {})}, method=method)  # noqa: S310  # checked

    def answered() -> Response:
        with closing(opener(access).open(asked, timeout=access.seconds + patience)) as answer:
            content = BytesIO()
            copy_body(url, answer, into or content, most, access.seconds)
            return Response(answer.status, answer.headers, content.getvalue())

    return patiently(answered, url, access, again=again)


def patiently(ask: Callable[[], T], url: str, access: Access, *, again: bool = True) -> T:
    """Return what ``ask`` returns, which asks a server by the ``opener``, again where it fails as ``request`` has it.

    Raises:
        RefusedError: the server refuses.
        UnreachableError: no whole answer comes.
    """
    attempt, slow = 1, 0
    while True:
        wait = 0.0
        try:
            return ask()
        except HTTPError as error:
            with error:
                failed: UsageError = _refused(url, error, access)
            passing = error.code == HTTPStatus.TOO_MANY_REQUESTS or error.code >= HTTPStatus.INTERNAL_SERVER_ERROR
            if error.code in _NOT_TRIED_AGAIN or not passing:
                raise failed from None
            wait = retry_after(error.headers.get("Retry-After", ""))
        except (OSError, HTTPException) as error:
            is_slow = isinstance(getattr(error, "reason", None) or error, TimeoutError)
            kind = SlowError if is_slow else UnreachableError
            failed = kind(_("{url}: cannot be reached: {reason}", url=url, reason=quoted(_words(error))))
            slow += is_slow
        if not again or attempt >= _ATTEMPTS or slow >= _SLOW_ATTEMPTS or wait > _LONGEST_PAUSE:
            raise failed
        time.sleep(max(wait, min(_FIRST_PAUSE * 2**attempt, _LONGEST_PAUSE) * random.uniform(0.5, 1)))  # noqa: S311
        attempt += 1


def checked(url: str) -> str:
    """The URL, which has to be one of HTTP, with a host and without a password.

    Raises:
        UsageError: it is not.
    """
    try:
        parts = urlsplit(url)
        known = parts.scheme in _PORTS and parts.hostname and (parts.port or True) and url.isascii() and " " not in url
    except ValueError:
        known = None
    if known and "@" in parts.netloc:
        problem = _(
            "{url}: holds a user or a password, which others can read; give them in the environment or in netrc",
            url=f"{parts.scheme}://…@{parts.netloc.rpartition('@')[2]}{parts.path}",
        )
        raise UsageError(problem)
    if not known or not url.isprintable():
        raise UsageError(_("{url}: not an address that can be asked (expected an http: or https: URL)", url=url))
    return url


def origin(url: str) -> tuple[str, str, int]:
    """The scheme, the host and the port of a URL.

    >>> origin("https://example.org/sparql") == origin("https://EXAMPLE.org:443/")
    True
    """
    parts = urlsplit(url)
    return parts.scheme, parts.hostname or "", parts.port or _PORTS.get(parts.scheme, 0)


@cache
def opener(access: Access) -> OpenerDirector:
    """What opens URLs of HTTP in this way, and no others; ``urllib.request.install_opener`` gives it to libraries.

    Raises:
        UsageError: the certificates cannot be read.
    """
    director = OpenerDirector()
    handlers: tuple[BaseHandler, ...] = (
        ProxyHandler(),
        _Plain(),
        _Secure(access.ca),
        _SameHost(),
        _Identified(access),
        HTTPDefaultErrorHandler(),
        HTTPErrorProcessor(),
    )
    for handler in handlers:
        director.add_handler(handler)
    return director


def _refused(url: str, error: HTTPError, access: Access) -> RefusedError:
    body = b""
    with suppress(OSError, HTTPException):
        body = error.read(PAGE)
    words = ": ".join(filter(None, (f"{error.code} {error.reason}".strip(), reason(body))))
    for secret in (access.password, access.token):  # which a server may repeat
        if secret:
            words = words.replace(secret, "…")
    if error.code == HTTPStatus.UNAUTHORIZED:
        if access.is_known and origin(url) == origin(access.origin):
            problem = _("{url}: the server does not accept the credentials: {reason}", url=url, reason=quoted(words))
        else:
            problem = _(
                "{url}: the server asks for credentials; give them in the environment or in netrc: {reason}",
                url=url,
                reason=quoted(words),
            )
    else:
        problem = _("{url}: the server refuses: {reason}", url=url, reason=quoted(words))
    return RefusedError(problem, error.code, error.headers)


def _words(error: OSError | HTTPException) -> str:
    """Why there is no answer."""
    cause = getattr(error, "reason", None) or error
    if isinstance(cause, TimeoutError):
        return str(_("no answer in time"))
    return str(cause) or type(cause).__name__


class _Cut:
    """A connection whose answer has a time in which its head has to come, however slowly it does."""

    timeout: Any
    sock: Any

    def getresponse(self) -> HTTPResponse:
        self.is_cut = False
        timer = Timer(self.timeout or Access.seconds, self._cut)
        timer.daemon = True
        timer.start()
        try:
            response: HTTPResponse = super().getresponse()  # type: ignore[misc]
            return response
        except (OSError, HTTPException) as error:
            if self.is_cut:
                raise TimeoutError from error
            raise
        finally:
            timer.cancel()

    def _cut(self) -> None:
        self.is_cut = True
        with suppress(OSError, AttributeError):
            self.sock.shutdown(socket.SHUT_RDWR)


class _PlainConnection(_Cut, HTTPConnection):
    pass


class _SecureConnection(_Cut, HTTPSConnection):
    pass


class _Plain(HTTPHandler):
    def http_open(self, req: Request) -> HTTPResponse:
        return self.do_open(_PlainConnection, req)


class _Secure(HTTPSHandler):
    def __init__(self, ca: Path | None) -> None:
        import ssl

        try:
            context = ssl.create_default_context(cafile=None if ca is None else str(ca))
        except OSError as error:
            problem = _("{path}: not a file of certificates in PEM: {reason}", path=ca, reason=quoted(str(error)))
            raise UsageError(problem) from error
        super().__init__(context=context)
        self.trusted = context

    def https_open(self, req: Request) -> HTTPResponse:
        return self.do_open(_SecureConnection, req, context=self.trusted)


class _SameHost(HTTPRedirectHandler):
    """Follows what is read to another address of the same host, and nothing else: nobody is sent to a network that
    only we can reach, and no update becomes a GET."""

    max_redirections = 3

    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: Any, newurl: str
    ) -> Request | None:
        fp.close()  # of which all would be read
        (scheme, host, _port), (new_scheme, new_host, _new_port) = origin(req.full_url), origin(newurl)
        if req.get_method() in ("GET", "HEAD") and host == new_host and new_scheme in (scheme, "https"):
            return super().redirect_request(req, fp, code, msg, headers, newurl)
        url = req.full_url.partition("?")[0]
        problem = _("{url}: leads to {target}; give that, if it is what you mean", url=url, target=newurl)
        raise UsageError(problem)


class _Identified(AbstractDigestAuthHandler, BaseHandler):
    """Sends the credentials to their origin when that asks for them, and from then on with each request."""

    handler_order = 490
    auth_header = "Authorization"

    def __init__(self, access: Access) -> None:
        passwords = HTTPPasswordMgrWithDefaultRealm()
        passwords.add_password(None, urljoin(access.origin, "/"), access.user, access.password)  # of any path
        super().__init__(passwords)
        self.access = access
        self.scheme = access.scheme if access.scheme in (BASIC, BEARER) else ""
        self.challenge: dict[str, str] = {}

    def http_request(self, req: Request) -> Request:
        """Identify with a request as was asked for before."""
        if self._concerns(req) and not req.has_header(self.auth_header):
            self._identify(req)
        return req

    https_request = http_request

    def http_error_401(self, req: Request, fp: IO[bytes], code: int, msg: str, headers: Message) -> Any:  # noqa: ARG002
        """Identify as the server asks, once with each request."""
        offered = {value.partition(" ")[0].lower(): value for value in headers.get_all("WWW-Authenticate", [])}
        wanted = [self.access.scheme] if self.access.scheme else [BEARER] if self.access.token else [DIGEST, BASIC]
        scheme = next((scheme for scheme in wanted if scheme in offered), "")
        tried = req.__dict__.setdefault("tried", [])
        is_stale = scheme == DIGEST and "stale=true" in offered[DIGEST].lower().replace('"', "")
        if not scheme or not self._concerns(req) or len(tried) > is_stale:
            return None
        if req.has_header(self.auth_header) and scheme != DIGEST:  # it was sent at first, and was not accepted
            return None
        fp.close()
        tried.append(scheme)
        self.scheme = scheme
        if scheme == DIGEST:
            self.challenge = _parameters(offered[DIGEST].partition(" ")[2])
        self._identify(req)
        return self.parent.open(req, timeout=req.timeout)

    def _concerns(self, req: Request) -> bool:
        return self.access.is_known and origin(req.full_url) == origin(self.access.origin)

    def _identify(self, req: Request) -> None:
        value: str | None = None
        if self.scheme == BEARER:
            value = f"Bearer {self.access.token}"
        elif self.scheme == BASIC:
            value = f"Basic {b64encode(f'{self.access.user}:{self.access.password}'.encode()).decode()}"
        elif self.challenge:
            with suppress(HTTPError, ValueError, KeyError):  # of an algorithm that Python does not know
                digest = self.get_authorization(req, self.challenge)
                value = digest and f"Digest {digest}"
        if value:
            req.add_unredirected_header(self.auth_header, value)


def _parameters(challenge: str) -> dict[str, str]:
    from urllib.request import parse_http_list, parse_keqv_list

    with suppress(ValueError):
        return parse_keqv_list(parse_http_list(challenge))
    return {}
