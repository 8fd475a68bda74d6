"""The process that answers calls, beside the server: one that takes too long is ended, and the next call gets a new one.

A thread could not be stopped, and a database that is locked or a tool that runs away would keep it for ever.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import sys
import threading
from collections.abc import Callable, Mapping
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING, Any

from litdb.errors import LitdbError
from litdb.mcp.answers import BUDGET
from litdb.mcp.calls import Answering, Called

if TYPE_CHECKING:
    from multiprocessing.process import BaseProcess

#: Seconds a call may take, and those a new process may take to open the catalogue before its first.
SECONDS, STARTING = 20.0, 30.0

#: What answers in the other process: a catalogue's place, and the end of the pipe.
Serve = Callable[[str | None, Connection], None]


def serve(db: str | None, pipe: Connection) -> None:
    """Answer calls until the other end closes. Nothing is written where the server speaks its protocol."""
    sys.stdout = open(os.devnull, "w")  # noqa: SIM115 - to the end of the process
    from litdb.api import open_catalogue

    try:
        catalogue = open_catalogue(db)
    except LitdbError as error:
        pipe.send(Called(str(error), failed=True))
        return
    with catalogue:
        pipe.send(Called("ready"))
        answering = Answering(catalogue)
        while True:
            try:
                name, arguments, page, budget = pipe.recv()
            except (EOFError, OSError):
                return
            try:
                answer = answering.call(name, arguments, page, budget)
            except Exception as error:  # a fault of litdb ends one call, not the assistant's work
                answer = Called(
                    f"{name} failed inside litdb ({type(error).__name__}); nothing is known from this call",
                    failed=True,
                )
            pipe.send(answer)


class Worker:
    """A process that answers calls one after another, each within a time limit. Use it as a context manager."""

    def __init__(self, db: str | None, seconds: float = SECONDS, *, target: Serve = serve) -> None:
        self._db, self.seconds, self._target = db, seconds, target
        self._lock = threading.Lock()
        self._process: BaseProcess | None = None
        self._pipe: Connection | None = None

    def __enter__(self) -> Worker:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def ask(self, name: str, arguments: Mapping[str, Any], page: int = 1, budget: int = BUDGET) -> Called:
        """One call; an answer that it was stopped where it takes longer than the limit."""
        if not self._lock.acquire(timeout=self.seconds + STARTING):
            return Called(f"{name} was not begun: others are still being answered; try again", failed=True)
        try:
            return self._ask(name, (name, dict(arguments), page, budget))
        finally:
            self._lock.release()

    def _ask(self, name: str, message: tuple[str, Mapping[str, Any], int, int]) -> Called:
        try:
            pipe = self._ready()
            if isinstance(pipe, Called):
                return pipe
            pipe.send(message)
            if pipe.poll(self.seconds):
                answer: Called = pipe.recv()
                return answer
        except (EOFError, OSError):
            self.stop()
            return Called(f"{name} ended without an answer; nothing is known from this call", failed=True)
        self.stop()
        return Called(
            f"{name} was stopped after {self.seconds:g} s; nothing is known from this call: ask for less, or try again",
            failed=True,
        )

    def stop(self) -> None:
        """End the process, whatever it does."""
        process, self._process = self._process, None
        if self._pipe is not None:
            self._pipe.close()
            self._pipe = None
        if process is not None:
            process.kill()
            process.join(5)
            with contextlib.suppress(ValueError):
                process.close()

    def _ready(self) -> Connection | Called:
        """The pipe to a process that has opened the catalogue, or why there is none."""
        if self._process is not None and self._process.is_alive() and self._pipe is not None:
            return self._pipe
        self.stop()
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=self._target, args=(self._db, theirs), daemon=True)
        self._process.start()
        theirs.close()
        if not self._pipe.poll(max(STARTING, self.seconds)):
            self.stop()
            return Called("the catalogue could not be opened in time: try again", failed=True)
        first: Called = self._pipe.recv()
        if first.failed:
            self.stop()
            return first
        return self._pipe
