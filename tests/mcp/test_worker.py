"""The process behind the server: it is ended when it hangs, and replaced when it dies."""

from __future__ import annotations

import os
import threading
import time
from multiprocessing.connection import Connection
from pathlib import Path

from litdb.mcp.calls import Called
from litdb.mcp.worker import Worker


def moody(_db: str | None, pipe: Connection) -> None:
    """Answers, hangs or dies, as it is asked; each process says its own number."""
    pipe.send(Called("ready"))
    while True:
        try:
            name, *_ = pipe.recv()
        except EOFError:
            return
        if name == "hang":
            time.sleep(600)
        elif name == "die":
            os._exit(3)
        pipe.send(Called(str(os.getpid())))


def never_ready(_db: str | None, _pipe: Connection) -> None:
    os._exit(1)


def test_what_hangs_is_stopped_and_the_next_call_goes_to_a_new_process() -> None:
    with Worker(None, 2, target=moody) as worker:
        first = worker.ask("answer", {})
        assert worker.ask("answer", {}) == first and not first.failed
        began = time.monotonic()
        stopped = worker.ask("hang", {})
        assert stopped.failed and "stopped after 2 s" in stopped.text and time.monotonic() - began < 20
        second = worker.ask("answer", {})
        assert not second.failed and second != first


def test_what_dies_is_said_and_replaced() -> None:
    with Worker(None, 20, target=moody) as worker:
        first = worker.ask("answer", {})
        dead = worker.ask("die", {})
        assert dead.failed and "ended without an answer" in dead.text
        second = worker.ask("answer", {})
        assert not second.failed and second != first


def test_calls_at_once_are_answered_one_after_another() -> None:
    answers: list[Called] = []
    with Worker(None, 20, target=moody) as worker:
        threads = [
            threading.Thread(target=lambda: answers.append(worker.ask("answer", {}))) for _ in range(8)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(answers) == 8 and len(set(answers)) == 1 and not answers[0].failed


def test_a_process_that_does_not_begin_is_an_error_and_a_catalogue_that_is_none_too(tmp_path: Path) -> None:
    with Worker(None, 2, target=never_ready) as worker:
        assert worker.ask("answer", {}).failed
    with Worker(str(tmp_path / "none.db"), 20) as worker:
        answer = worker.ask("get_value", {"model": "IMSE", "metric": "PESQ"})
        assert answer.failed and "none.db" in answer.text
