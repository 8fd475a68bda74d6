"""The one place where the golden process stops its clock and its dice.

litdb asks `datetime.now` for the time and `uuid4` for the number of a decision. Both are replaced here, in a process of
its own and before litdb is imported, so that nothing leaks into other tests and modules of litdb may move freely.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import importlib
import uuid

#: Whatever litdb imports from outside; these keep the real clock, and their own checks of types.
_OUTSIDE = (
    "alembic", "arxiv", "filelock", "jinja2", "lxml.html", "matplotlib", "numpy", "pandas", "requests", "rich",
    "scipy.stats", "sqlalchemy.orm", "typer", "tests.support.replay",
)  # fmt: skip


class Clock:
    """A clock that moves only when it is told to: a minute at the beginning of every step.

    How often a step asks for the time or for a number changes nothing in the steps after it.
    """

    def __init__(self) -> None:
        self.time = dt.datetime(2026, 3, 1, 9, 0, tzinfo=dt.UTC)
        self.step = 0
        self._numbers = 0

    def tick(self) -> None:
        """Begin the next step."""
        self.time += dt.timedelta(minutes=1)
        self.step += 1
        self._numbers = 0

    def number(self) -> uuid.UUID:
        """The next number of this step, in place of `uuid.uuid4()`."""
        self._numbers += 1
        digest = hashlib.sha256(f"golden {self.step} {self._numbers}".encode()).digest()
        return uuid.UUID(bytes=digest[:16], version=4)


def freeze() -> Clock:
    """Stop the clock for every module that is imported from now on."""
    for name in _OUTSIDE:
        importlib.import_module(name)
    clock, real = Clock(), dt.datetime

    class Like(type):
        def __instancecheck__(cls, instance: object) -> bool:
            return isinstance(instance, real)

    class Frozen(real, metaclass=Like):
        """`datetime` whose now stands still; what it makes are plain datetimes."""

        def __new__(cls, *args: object, **named: object) -> dt.datetime:  # type: ignore[misc]
            return real(*args, **named)  # type: ignore[arg-type]

        @classmethod
        def now(cls, tz: dt.tzinfo | None = None) -> dt.datetime:  # type: ignore[override]
            return clock.time.astimezone(tz) if tz else clock.time.replace(tzinfo=None)

    dt.datetime = Frozen  # type: ignore[misc]
    uuid.uuid4 = clock.number
    return clock
