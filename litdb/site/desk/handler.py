"""One request to the desk: what must hold of it first, then its page, or the verb and the page to go on with."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Sequence
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING, cast
from urllib.parse import quote, urlsplit

from litdb.errors import CatalogueBusy, LitdbError, NotFound, UsageError, in_short
from litdb.site.desk import pages
from litdb.site.desk.files import site_file
from litdb.site.desk.guard import Unanswered, body_length, form_fields

if TYPE_CHECKING:
    from litdb.site.desk.server import DeskServer

#: The desk's own pages have no script at all; those of the site have theirs in files.
_DESK_POLICY = "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
_SITE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
#: Bytes of a refused body that are still taken, so that the browser sees the answer.
_DRAINED = 2_000_000


def _status(error: LitdbError) -> int:
    """The HTTP status of an error: another process writes, nothing of the name, wrong words, or else."""
    if isinstance(error, CatalogueBusy):
        return 503
    return 404 if isinstance(error, NotFound) else 400 if isinstance(error, UsageError) else 500


class DeskHandler(BaseHTTPRequestHandler):
    """Answers one request and closes the connection."""

    timeout = 10  # seconds without a byte
    server_version = "litdb"
    sys_version = ""
    _taken = False  # the body

    @property
    def _server(self) -> DeskServer:
        return cast("DeskServer", self.server)

    def do_GET(self) -> None:
        """A page, a file of the site, or the exchange of the token."""
        self._answer()

    do_HEAD = do_GET

    def do_POST(self) -> None:
        """A form of the desk."""
        self._answer()

    def log_message(self, format: str, *args: object) -> None:
        """Nothing is logged: the address of the first request holds the token."""

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """What the library refuses (a method, a line too long), in our words and with our headers."""
        with contextlib.suppress(ValueError):
            message = message or HTTPStatus(code).phrase
        self.close_connection = True
        if not hasattr(self, "requestline"):
            self.requestline, self.request_version, self.command = "", "HTTP/1.0", "GET"
        self._page(code, pages.message(f"the desk cannot answer this: {message or explain or code}"))

    # --- what must hold -----------------------------------------------------------------------------------

    def _answer(self) -> None:
        try:
            host = self._server.guard.check_host(self.headers.get_all("Host", []))
            target = urlsplit(self.path) if self.path.startswith("/") and len(self.path) <= 4096 else None
            if target is None or target.netloc:
                raise Unanswered(400, "this address cannot be read")
            query = form_fields(target.query)
            if self.command == "POST":
                self._post(host, target.path)
            elif "token" in query:
                self._exchange(target.path, query["token"])
            else:
                self._must_know()
                self._server.arrived(self.connection)
                self._get(target.path, query)
        except Unanswered as error:
            self._drain()
            self._page(error.status, pages.message(str(error)))
        except LitdbError as error:
            self._page(_status(error), pages.message(str(error)))
        except (ConnectionError, TimeoutError):
            self.close_connection = True
        except Exception as error:  # a fault of litdb costs this request, not the desk
            self._page(500, pages.message(f"a fault of litdb, please report it: {in_short(error)}"))

    def _must_know(self) -> None:
        if not self._server.guard.knows(self.headers.get_all("Cookie", [])):
            raise Unanswered(
                403, "open the address that `litdb site serve` printed, in the browser that is to be used"
            )

    def _exchange(self, path: str, tokens: Sequence[str]) -> None:
        guard = self._server.guard
        headers = {}
        if self.command != "GET" or len(tokens) != 1:
            raise Unanswered(403, "the token is taken from the address that `litdb site serve` printed")
        if not guard.knows(self.headers.get_all("Cookie", [])):
            guard.exchange(tokens[0])
            headers["Set-Cookie"] = guard.set_cookie
        # Not a redirect: one that a link elsewhere began would not carry a strict cookie.
        self._page(200, pages.entered(quote(path)), headers)

    # --- answers ------------------------------------------------------------------------------------------

    def _get(self, path: str, query: dict[str, list[str]]) -> None:
        server = self._server
        if path == "/desk/desk.css":
            self._send(200, pages.stylesheet(), "text/css; charset=utf-8")
        elif path == "/desk" or (path == "/" and server.folder is None):
            self._go("/desk/")
        elif path.startswith("/desk/"):
            with server.turn:
                drawn = pages.picture(server.desk, path)
                text = (
                    ""
                    if drawn is not None
                    else pages.page(
                        server.desk, path, query, server.guard.new_form(), site=server.folder is not None
                    )
                )
            if drawn is not None:
                self._send(200, drawn, "image/png")
            else:
                self._page(200, text)
        elif server.folder is not None:
            self._file(path)
        else:
            raise Unanswered(
                404, "no site is served beside the desk: `litdb site serve FOLDER` serves a built one"
            )

    def _post(self, host: str, path: str) -> None:
        server = self._server
        self._must_know()
        server.guard.check_origin(host, self.headers.get_all("Origin", []))
        length = body_length(
            self.headers.get_all("Content-Length", []),
            self.headers.get_all("Transfer-Encoding", []),
            self.headers.get_all("Content-Type", []),
        )
        body = self.rfile.read(length)
        self._taken = True
        if len(body) != length:
            raise Unanswered(400, "the form did not arrive whole: nothing was changed")
        server.arrived(self.connection)
        fields = form_fields(body)
        number = fields.get("form", [""])[0]
        with server.turn:
            server.guard.take_form(number)
            try:
                onward = pages.act(server.desk, path, fields)
            except LitdbError as error:
                server.guard.give_back(number)
                told = pages.told(
                    server.desk, path, error, server.guard.new_form(), site=server.folder is not None
                )
                self._page(_status(error), told)
                return
        self._go(onward)

    def _file(self, path: str) -> None:
        folder = self._server.folder
        assert folder is not None
        found = site_file(folder, path)
        self._head(200, found.kind, found.size, _SITE_POLICY)
        if self.command != "HEAD":
            with found.path.open("rb") as file, contextlib.suppress(ConnectionError, TimeoutError):
                shutil.copyfileobj(file, self.wfile)

    def _go(self, page: str) -> None:
        self._head(303, "text/plain; charset=utf-8", 0, _DESK_POLICY, {"Location": page})

    def _page(self, status: int, text: str, headers: dict[str, str] | None = None) -> None:
        self._send(status, text, "text/html; charset=utf-8", headers)

    def _send(
        self, status: int, content: str | bytes, kind: str, headers: dict[str, str] | None = None
    ) -> None:
        data = content.encode("utf-8", "replace") if isinstance(content, str) else content
        self._head(status, kind, len(data), _DESK_POLICY, headers)
        if self.command != "HEAD":
            with contextlib.suppress(ConnectionError, TimeoutError):
                self.wfile.write(data)

    def _head(
        self, status: int, kind: str, length: int, policy: str, headers: dict[str, str] | None = None
    ) -> None:
        self.send_response(status)
        for name, value in {
            "Content-Type": kind,
            "Content-Length": str(length),
            "Content-Security-Policy": policy,
            "X-Content-Type-Options": "nosniff",
            "X-Frame-Options": "DENY",
            # With `no-referrer` browsers send forms with `Origin: null`, which is what a page elsewhere sends.
            "Referrer-Policy": "same-origin",
            "Cross-Origin-Opener-Policy": "same-origin",
            "Cross-Origin-Resource-Policy": "same-origin",
            "Cache-Control": "no-store",
            "Connection": "close",
            **(headers or {}),
        }.items():
            self.send_header(name, value)
        with contextlib.suppress(ConnectionError, TimeoutError):
            self.end_headers()

    def _drain(self) -> None:
        """Take what was sent with a refused request, up to a bound: else the browser shows a broken connection."""
        if self._taken or self.command != "POST" or self.headers.get("Content-Length") is None:
            return
        self.connection.settimeout(1.0)
        with contextlib.suppress(OSError, ValueError):
            left = min(int(self.headers["Content-Length"]), _DRAINED)
            while left > 0 and (part := self.rfile.read1(min(left, 65_536))):
                left -= len(part)
