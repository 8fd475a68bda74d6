"""Every error litdb raises on purpose, as one tree.

    LitdbError                  the work failed                                exit code 1
    ├── UsageError              the call or its words are wrong                exit code 2
    │   ├── NotFound            nothing of that name is in the catalogue
    │   └── Ambiguous           a name fits several models
    ├── InputError              a file or table cannot be read
    │   └── Impossible          a number that its metric cannot have
    ├── SourceError             a remote source failed (carries url and retry)
    │   ├── CacheMiss           --offline, and the cache has no copy
    │   └── HostRefused         a redirect led to a host that is not allowed
    ├── UnsafeArchive           an archive holds what must not be unpacked
    ├── TooLarge                a size, depth or time limit was reached
    └── CatalogueError          the database is not as it should be
        ├── ReadOnlyCatalogue   the shipped catalogue is never written
        ├── SchemaMismatch      another version of litdb made this database
        ├── CatalogueBusy       another process holds the database
        └── Conflict            different numbers for what is already recorded

Each message is one sentence that says what to do.
"""

from __future__ import annotations

from collections.abc import Iterable


class LitdbError(Exception):
    """The root: anything a user can meet and mend."""

    exit_code = 1


class UsageError(LitdbError):
    """The call itself is wrong: an unknown metric, a malformed range."""

    exit_code = 2


class NotFound(UsageError):
    """Nothing of that name is in the catalogue."""


class Ambiguous(UsageError):
    """A name fits several things, and the message lists them; `choice` are their keys, () where there is more to say."""

    def __init__(self, message: str, *, choice: Iterable[str] = ()) -> None:
        super().__init__(message)
        self.choice = tuple(choice)


class InputError(LitdbError):
    """A file, table or value cannot be read."""


class Impossible(InputError):
    """A number that its metric cannot have."""


class SourceError(LitdbError):
    """A remote source failed; `retry` says whether trying later can help."""

    def __init__(self, message: str, *, url: str | None = None, retry: bool = False) -> None:
        super().__init__(message)
        self.url = url
        self.retry = retry


class CacheMiss(SourceError):
    """Offline work was asked for and the cache has no copy."""


class HostRefused(SourceError):
    """A request or a redirect led to a host that is not on the allowed list."""


class UnsafeArchive(LitdbError):
    """An archive holds a member that must not be unpacked."""


class TooLarge(LitdbError):
    """A bound on size, depth or time was reached."""


class CatalogueError(LitdbError):
    """The database is not as it should be."""


class ReadOnlyCatalogue(CatalogueError):
    """The shipped catalogue is opened read-only; `litdb init` makes a working copy."""


class SchemaMismatch(CatalogueError):
    """The database was made by another version of litdb."""


class CatalogueBusy(CatalogueError):
    """Another process holds the database longer than the waiting time."""


class Conflict(CatalogueError):
    """Different numbers for what is already recorded; both are in the message."""


def near(word: str, known: Iterable[str], *, other: str = "") -> str:
    """`did you mean table?` for a word that is nearly a known one, whatever its case, else `other`."""
    import difflib  # only who mistyped pays for it

    folded = {name.casefold(): name for name in known}
    found = difflib.get_close_matches(word.casefold(), list(folded), n=3, cutoff=0.6)
    return f"did you mean {' or '.join(folded[name] for name in found)}?" if found else other


def in_short(error: Exception) -> str:
    """A fault of litdb or of foreign code in one short line: what kind of error, and the first line of what it says."""
    said = (str(error).splitlines() or [""])[0][:200]
    return f"{type(error).__name__}: {said}"
