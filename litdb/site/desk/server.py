"""`litdb site serve`: a server for one person on the loopback address, bounded in time, size and number of requests."""

from __future__ import annotations

import contextlib
import socket
import socketserver
import threading
import time
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

from litdb.errors import InputError, UsageError
from litdb.site.desk.desk import Desk
from litdb.site.desk.guard import Guard

if TYPE_CHECKING:
    from litdb.api import Catalogue

#: The only address that is listened at.
_LOOPBACK = "127.0.0.1"
#: Requests at once; seconds for all of a request to arrive.
_AT_ONCE = 32
_SECONDS = 15.0


class DeskServer(ThreadingHTTPServer):
    """The built site in a folder (None: no site) and the desk over an open catalogue, at http://127.0.0.1:port/."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    def __init__(self, catalogue: Catalogue, folder: Path | None, port: int = 0) -> None:
        from litdb.site.desk.handler import DeskHandler

        self.desk = Desk(catalogue)
        self.folder = folder
        #: One request at a time works with the catalogue.
        self.turn = threading.Lock()
        self._room = threading.BoundedSemaphore(_AT_ONCE)
        self._arriving: dict[Any, float] = {}
        super().__init__((_LOOPBACK, port), DeskHandler)
        self.guard = Guard(self.server_address[1])

    @property
    def address(self) -> str:
        """The address to open, with the token; it opens once."""
        return f"http://{self.guard.hosts[0]}/?token={self.guard.token}"

    def server_bind(self) -> None:
        """Bind without asking for the name of the host, which may wait for a network."""
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = _LOOPBACK, self.server_address[1]

    def process_request(self, request: Any, client_address: Any) -> None:
        """Answer in a thread of its own, while there is room for one."""
        if not self._room.acquire(blocking=False):
            with contextlib.suppress(OSError):
                request.sendall(b"HTTP/1.0 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n")
            self.shutdown_request(request)
            return
        self._arriving[request] = time.monotonic() + _SECONDS
        super().process_request(request, client_address)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """Answer, and make room for another."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._arriving.pop(request, None)
            self._room.release()

    def arrived(self, request: Any) -> None:
        """A request is here with all that was to be read of it."""
        self._arriving.pop(request, None)

    def service_actions(self) -> None:
        """Give up what takes too long to arrive, however steadily it drips."""
        now = time.monotonic()
        for request, until in list(self._arriving.items()):
            if now > until:
                self._arriving.pop(request, None)
                with contextlib.suppress(OSError):
                    request.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A browser that goes away in the middle is nothing to tell."""

    def end(self) -> None:
        """Stop answering; what is being stored is finished first."""
        self.server_close()
        self.turn.acquire()


def open_desk(catalogue: Catalogue, folder: Path | None = None, port: int = 0) -> DeskServer:
    """A server that listens and answers once `serve_forever` is called; port 0 takes a free one.

    Raises InputError when the folder holds no built site, UsageError when the port cannot be had.
    """
    if folder is not None and not (folder / "index.html").is_file():
        raise InputError(
            f"{folder} holds no built site: `litdb site build {folder}` makes one, and without a folder the desk is served alone"
        )
    try:
        return DeskServer(catalogue, folder, port)
    except (OSError, OverflowError) as error:
        told = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise UsageError(
            f"port {port} cannot be had ({told}): give another, or --port 0 for any that is free"
        ) from error
