"""Taking what cannot be: only where somebody says so, with a reason."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from litdb.errors import Impossible, UsageError


@contextmanager
def forced(force: bool, reason: str) -> Iterator[str]:
    """The reason for which values are taken that their metric cannot have, '' where they are refused.

    Raises UsageError for force without a reason; an Impossible from within says how to force it.
    """
    if force and not reason.strip():
        raise UsageError("--force takes what cannot be: say why with --reason")
    try:
        yield reason if force else ""
    except Impossible as error:
        raise Impossible(f"{error} (--force with a --reason takes it all the same)") from error
