"""A time limit for a whole HTTP exchange, however slowly its bytes arrive.

A socket timeout starts again with every byte, so a server that sends one byte a second never reaches it,
neither in the header lines nor in a chunk. `Watchdog` keeps the socket in use and shuts it down when the time
is up, which ends whatever read is waiting.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import ConnectTimeoutError

#: How long the address of a name is waited for; without a network the system's own patience can be half a minute.
NAME_SECONDS = 6.0


def wait_for_name(connection: HTTPConnection) -> None:
    """Wait until the address of the connection's host is known, or known to be unknown. Raises ConnectTimeoutError.

    No time limit of a socket holds while the system asks for a name, so it is asked beside; connecting asks again.
    """

    def ask() -> None:
        with suppress(OSError):  # that there is none is said when connecting
            socket.getaddrinfo(connection.host, connection.port, type=socket.SOCK_STREAM)

    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    asking.join(NAME_SECONDS)
    if asking.is_alive():
        raise ConnectTimeoutError(connection, f"no address of {connection.host} in {NAME_SECONDS:g} s")


class Watchdog:
    """Ends the exchange that runs inside `limit` when it takes too long."""

    def __init__(self) -> None:
        self._socket: socket.socket | None = None
        self._mutex = threading.Lock()
        self.barked = False
        """Whether the last `limit` was reached."""

    @contextmanager
    def limit(self, seconds: float) -> Iterator[None]:
        """Allow the block this many seconds of exchange on the watched connection."""
        self.barked = False
        timer = threading.Timer(seconds, self._bark)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def watch(self, connected: socket.socket | None) -> None:
        """Remember the socket in use; one connected after the time was up is ended at once."""
        with self._mutex:
            self._socket = connected
            if self.barked:
                self._cut()

    def _bark(self) -> None:
        with self._mutex:
            self.barked = True
            self._cut()

    def _cut(self) -> None:
        if self._socket is not None:
            with suppress(OSError):
                # The plain socket's shutdown also for TLS: SSLSocket.shutdown would let a waiting reader go
                # on in clear.
                socket.socket.shutdown(self._socket, socket.SHUT_RDWR)


class WatchedAdapter(HTTPAdapter):
    """A requests adapter with one connection at a time, whose socket `watchdog` can end."""

    def __init__(self, watchdog: Watchdog) -> None:
        class Plain(HTTPConnection):
            def connect(self) -> None:
                wait_for_name(self)
                super().connect()
                watchdog.watch(self.sock)

        class Secure(HTTPSConnection):
            def connect(self) -> None:
                wait_for_name(self)
                super().connect()
                watchdog.watch(self.sock)

        class PlainPool(HTTPConnectionPool):
            ConnectionCls = Plain

        class SecurePool(HTTPSConnectionPool):
            ConnectionCls = Secure

        self._pools = {"http": PlainPool, "https": SecurePool}
        # One pool: going from one arXiv host to the other closes the first host's connection.
        super().__init__(pool_connections=1, pool_maxsize=1, pool_block=True)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """As in requests, with the watched connections."""
        super().init_poolmanager(*args, **kwargs)
        manager: PoolManager = self.poolmanager
        manager.pool_classes_by_scheme = self._pools

    def proxy_manager_for(self, proxy: str, **proxy_kwargs: Any) -> Any:
        """As in requests, with the watched connections."""
        manager = super().proxy_manager_for(proxy, **proxy_kwargs)
        if not proxy.lower().startswith("socks"):  # SOCKS brings connection classes of its own
            manager.pool_classes_by_scheme = self._pools
        return manager
