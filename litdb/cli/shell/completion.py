"""Words that the shell completes: models, metrics, test sets, formats, origins. Only a shell that asks pays for it."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable
from typing import Any

#: The variable by which the shell's script asks.
VARIABLE = "_LITDB_COMPLETE"
_LIST = re.compile(r"^(.*,)?([^,]*)$")


def asked() -> bool:
    """Whether a shell asks for words, and no command is to be run."""
    return VARIABLE in os.environ


def teach(command: Any) -> Any:
    """Give the options and arguments of a command, and of those below it, the words that they take; returns the command."""
    for below in getattr(command, "commands", {}).values():
        teach(below)
    for parameter in command.params:
        known = _known(parameter)
        if known is not None:
            parameter.shell_complete = _completing(known, "," in (parameter.metavar or ""))
    return command


def _known(parameter: Any) -> Callable[[Any], Iterable[str]] | None:
    """What lists the words that an option or argument takes, told by its name and by what stands for its value."""
    option = next((name for name in parameter.opts if name.startswith("--")), "")
    shown = parameter.metavar or ""
    if option == "--dataset":
        return _test_sets
    if option in ("--model", "--models") or (not option and "MODEL" in shown):
        return _models
    if option in ("--metric", "--metrics", "--sort", "--target", "--x", "--y") or (
        not option and shown == "METRIC"
    ):
        return _metrics
    return {"--format": _formats, "--origin": _origins}.get(option)


def _completing(known: Callable[[Any], Iterable[str]], several: bool) -> Callable[[Any, str], list[Any]]:
    def complete(context: Any, incomplete: str) -> list[Any]:
        from typer._click.shell_completion import CompletionItem

        before, begun = "", incomplete
        if several and (match := _LIST.match(incomplete)):
            before, begun = match[1] or "", match[2]
        try:
            words = list(known(context))
        except Exception:  # whatever is wrong with a catalogue, a shell that asks for words gets none
            return []
        return [
            CompletionItem(before + word) for word in words if word.casefold().startswith(begun.casefold())
        ]

    return complete


def _models(context: Any) -> Iterable[str]:
    from litdb.api import model_words

    return model_words(context.params.get("db"))


def _metrics(_context: Any) -> Iterable[str]:
    from litdb.vocabulary import vocabulary

    return [metric.id for metric in vocabulary().metrics]


def _test_sets(_context: Any) -> Iterable[str]:
    from litdb.vocabulary import vocabulary

    return [dataset.id for dataset in vocabulary().datasets]


def _formats(context: Any) -> Iterable[str]:
    if context.command.name == "extract":
        from litdb.api import READING_FORMATS

        return READING_FORMATS
    from litdb.report.render import FORMATS

    return FORMATS


def _origins(_context: Any) -> Iterable[str]:
    from litdb.api import ORIGINS

    return ORIGINS
