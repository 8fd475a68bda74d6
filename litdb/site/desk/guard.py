"""Who may speak with the desk: the browser that was given the token, at this address, from the desk's own pages.

The desk listens on the loopback address, where other pages in the same browser, other programs and other users of the machine
can reach it too. So every request must name this host (a page elsewhere whose name was pointed here is refused), and
carry a cookie that is given once, for the token printed at the start. What changes something must come from this origin
and carry the number of a form that was shown and not sent before. Browsers send cookies of 127.0.0.1 to every port of it:
a server of somebody else there that is visited with the same browser would see it, until the desk is stopped.
"""

from __future__ import annotations

import hmac
import secrets
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

#: Forms shown and not sent that are remembered; the oldest is forgotten first.
_FORMS = 500
#: Bounds on what is sent: the bytes of a body, its fields.
MOST_BYTES = 262_144
_MOST_FIELDS = 20_000


class Unanswered(Exception):
    """A request that is not answered: the HTTP status, and why in one sentence."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status


@dataclass(slots=True)
class Guard:
    """The secrets of one start of the desk, and what must hold of a request."""

    port: int
    token: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    _session: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    _used: bool = False
    _forms: OrderedDict[str, None] = field(default_factory=OrderedDict)

    @property
    def hosts(self) -> tuple[str, str]:
        """The names that this server goes by."""
        return f"127.0.0.1:{self.port}", f"localhost:{self.port}"

    @property
    def cookie(self) -> str:
        """The name of the cookie: cookies know no ports, and two desks may run."""
        return f"litdb_desk_{self.port}"

    @property
    def set_cookie(self) -> str:
        """The header that gives the cookie."""
        return f"{self.cookie}={self._session}; Path=/; HttpOnly; SameSite=Strict"

    def check_host(self, hosts: Sequence[str]) -> str:
        """The host that a request names. Raises Unanswered for another one, several or none."""
        if len(hosts) == 1 and hosts[0].lower() in self.hosts:
            return hosts[0].lower()
        raise Unanswered(421, f"the desk answers at http://{self.hosts[0]}/ alone")

    def exchange(self, token: str) -> None:
        """Take the token, once. Raises Unanswered for another one, and for one that was taken."""
        if not _same(token, self.token):
            raise Unanswered(
                403,
                "this is not the token that `litdb site serve` printed: open the address as it stands there",
            )
        if self._used:
            raise Unanswered(
                403,
                "this address was opened already and opens once: go on in that browser, or start `litdb site serve` again",
            )
        self._used = True

    def knows(self, cookies: Sequence[str]) -> bool:
        """Whether Cookie headers carry the cookie."""
        given = [part.strip().partition("=") for header in cookies for part in header.split(";")]
        return any(_same(value, self._session) for name, _, value in given if name == self.cookie)

    def check_origin(self, host: str, origins: Sequence[str]) -> None:
        """Raise Unanswered unless a request that changes something comes from a page of this host."""
        if len(origins) != 1 or origins[0].lower() != f"http://{host}":
            raise Unanswered(403, "this was sent from a page that is not the desk's: nothing was changed")

    def new_form(self) -> str:
        """A number for the forms of one page: they are taken once."""
        number = secrets.token_urlsafe(16)
        self._forms[number] = None
        while len(self._forms) > _FORMS:
            self._forms.popitem(last=False)
        return number

    def take_form(self, number: str) -> None:
        """Take the number of a form. Raises Unanswered when it was sent before, or was never shown."""
        if number not in self._forms:
            raise Unanswered(
                409,
                "this page was sent already, or is an old one: nothing was changed; open it again and decide there",
            )
        del self._forms[number]

    def give_back(self, number: str) -> None:
        """Let a form be sent again by which nothing was changed."""
        self._forms[number] = None


def _same(given: str, secret: str) -> bool:
    return hmac.compare_digest(given.encode("utf-8", "surrogateescape"), secret.encode())


def body_length(lengths: Sequence[str], codings: Sequence[str], types: Sequence[str]) -> int:
    """How many bytes of a form follow, from the headers that say so. Raises Unanswered."""
    if codings or len(lengths) != 1 or not lengths[0].isascii() or not lengths[0].isdigit():
        raise Unanswered(411, "a form is sent with its length")
    if len(lengths[0]) > 9 or int(lengths[0]) > MOST_BYTES:
        raise Unanswered(
            413, f"a form of more than {MOST_BYTES // 1024} KB is not read: choose fewer readings at once"
        )
    if [kind.partition(";")[0].strip().lower() for kind in types] != ["application/x-www-form-urlencoded"]:
        raise Unanswered(415, "only forms of the desk's own pages are read")
    return int(lengths[0])


def form_fields(text: bytes | str) -> dict[str, list[str]]:
    """The fields of a form or a query. Raises Unanswered for what is not UTF-8, and for too many."""
    try:
        decoded = text.decode("ascii") if isinstance(text, bytes) else text
        pairs = parse_qsl(decoded, keep_blank_values=True, errors="strict", max_num_fields=_MOST_FIELDS)
    except ValueError as error:  # UnicodeError is one
        raise Unanswered(400, "the form cannot be read: it is not UTF-8, or has too many fields") from error
    fields: dict[str, list[str]] = {}
    for name, value in pairs:
        fields.setdefault(name, []).append(value)
    return fields
