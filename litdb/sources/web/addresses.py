"""Web addresses: their parts, where a redirect leads, what counts as this machine."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import SplitResult, urljoin, urlsplit

from litdb.errors import SourceError, UsageError


def is_loopback(url: str) -> bool:
    """Whether an address names this machine."""
    host = split(url).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def split(url: str) -> SplitResult:
    """The parts of an address; empty ones for what is none."""
    try:
        parts = urlsplit(url)
        (parts.hostname or "").encode("idna")
    except ValueError:
        return SplitResult("", "", "", "", "")
    return parts


def joined(url: str, location: str, name: str) -> str:
    """Where a redirect of the service called `name` leads. Raises SourceError when that is no web address."""
    try:
        target = urljoin(url, location)
    except ValueError:
        target = ""
    if not split(target).hostname:
        raise SourceError(
            f"{name} redirects to {location[:200]!r}, which is no web address; nothing was fetched from there",
            url=url,
        )
    return target


def origin(url: str) -> tuple[str, str, int]:
    """Scheme, host and port; (.., "", 0) where the address has none."""
    parts = split(url)
    try:
        port = parts.port
    except ValueError:
        port = 0
    if port is None:
        port = {"https": 443, "http": 80}.get(parts.scheme, 0)
    return parts.scheme, parts.hostname or "", port


def base(url: str, name: str) -> tuple[str, str, int]:
    """The origin of an address to ask, which `name` is believed to stand behind. Raises UsageError for plain http."""
    found = origin(url)
    if found[1] and (found[0] == "https" or (found[0] == "http" and is_loopback(url))):
        return found
    raise UsageError(
        f"{url!r} cannot serve as {name}: the address must begin with https:// (http:// only on this machine)"
    )
