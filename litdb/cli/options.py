"""The options that ask a question: made from its words, with the same names and help in every command that has them."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, cast, get_type_hints

import typer

from litdb.api import DEFAULT_DATASET, DEFAULT_METRICS, Words
from litdb.cli._shared import date, names

#: What each word is for, as the Question's own list says it.
_HELP: dict[str, str] = {
    word: hint.__metadata__[0] for word, hint in get_type_hints(Words, include_extras=True).items()
}
Command = Callable[..., None]


@dataclass(frozen=True, slots=True)
class _Option:
    """An option as typed: its type, its names, what stands for its value, and how the word is read from it."""

    type: Any
    flags: tuple[str, ...]
    metavar: str | None = None
    default: object = None
    read: Callable[[Any], object] = lambda typed: typed


def _flag(word: str) -> _Option:
    return _Option(bool, (f"--{word}",), default=False)


#: The option for each word.
OPTIONS: dict[str, _Option] = {
    "dataset": _Option(str, ("--dataset", "-d"), default=DEFAULT_DATASET),
    "where": _Option(list[str] | None, ("--metric", "--where", "-w"), "METRIC=LOW..HIGH"),
    "models": _Option(str | None, ("--models",), "A,B,..|@FILE", read=names),
    "year": _Option(str | None, ("--year",), "FROM..TO"),
    "causal": _Option(bool | None, ("--causal/--non-causal",)),
    "origins": _Option(list[str] | None, ("--origin",), "ORIGIN", read=lambda typed: typed or ()),
    "since": _Option(str | None, ("--new",), "DATE", read=date),
    "sort": _Option(str | None, ("--sort",), "[-]METRIC"),
    "group_by": _Option(str | None, ("--group-by",), "WHAT"),
    **{
        word: _flag(word)
        for word in ("proposed", "claims", "mixed", "withdrawn", "checkpoints", "ablations", "references")
    },
}
#: `--params` is short for a condition on the number of parameters, and goes with `where`.
_PARAMS = Annotated[
    str | None, typer.Option("--params", metavar="LOW..HIGH", help="Parameters, such as 0.4M..1.0M.")
]
_COLUMNS = Annotated[str, typer.Option("--metrics", "-m", metavar="A,B,..", help="The columns.")]


def asks(*words: str) -> Callable[[Command], Command]:
    """Give a command the options for these words of a question, in this order, where its parameter `words` stands.

    It gets them as :class:`litdb.api.Words`. `metrics` among them is the option for the columns, which it gets as
    `metrics`, a list of names.
    """

    def decorated(command: Command) -> Command:
        @functools.wraps(command)
        def run(**typed: Any) -> None:
            if "metrics" in words:
                typed["metrics"] = names(typed["metrics"]) or []
            asked = {word: OPTIONS[word].read(typed.pop(word)) for word in words if word in OPTIONS}
            if "where" in asked:
                asked["where"] = _where(typed.pop("params"), cast("list[str] | None", asked["where"]))
            command(words=cast(Words, asked), **typed)

        parameters = [
            inner
            for parameter in inspect.signature(command, eval_str=True).parameters.values()
            for inner in (_parameters(words) if parameter.name == "words" else [parameter])
            if inner.name != "metrics" or parameter.name == "words"
        ]
        named = [parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY) for parameter in parameters]
        run.__signature__ = inspect.Signature(named)  # type: ignore[attr-defined]
        run.__annotations__ = {parameter.name: parameter.annotation for parameter in named}
        return run

    return decorated


def _parameters(words: Sequence[str]) -> list[inspect.Parameter]:
    made = []
    for word in words:
        if word == "metrics":
            made.append(_parameter("metrics", _COLUMNS, ",".join(DEFAULT_METRICS)))
            continue
        if word == "where":
            made.append(_parameter("params", _PARAMS, None))
        option = OPTIONS[word]
        shown = typer.Option(*option.flags, metavar=option.metavar, help=_HELP[word])
        made.append(_parameter(word, Annotated[option.type, shown], option.default))
    return made


def _parameter(name: str, annotation: Any, default: object) -> inspect.Parameter:
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation)


def _where(params: str | None, conditions: list[str] | None) -> list[str]:
    return [
        *(
            [f"params{'' if params.lstrip()[0] in '<>≤≥' else '='}{params}"]
            if params and params.strip()
            else []
        ),
        *(conditions or []),
    ]
