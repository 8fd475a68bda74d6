"""The options that ask a question, made from its words, and those that say how a table is to look."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, cast, get_type_hints

import typer

from litdb.api import DEFAULT_DATASET, DEFAULT_METRICS, Words
from litdb.cli._shared import date, names
from litdb.errors import UsageError
from litdb.report.paper.appearance import Appearance

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
    "datasets": _Option(list[str] | None, ("--dataset", "-d"), read=lambda typed: typed or ()),
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


def named_groups(words: Sequence[str]) -> dict[str, list[str]]:
    """Groups of runs as they are typed, `base=b1,b2,b3`. Raises UsageError."""
    groups: dict[str, list[str]] = {}
    for word in words:
        name, equals, runs = word.partition("=")
        members = names(runs.strip(" ,")) or []
        if not equals or not name.strip() or not members:
            raise UsageError(f"{word!r} is not NAME=RUN,RUN,..: write for example base=b1,b2,b3")
        if name.strip() in groups:
            raise UsageError(f"the group {name.strip()} is given twice")
        groups[name.strip()] = members
    return groups


def shown_names(words: Sequence[str]) -> dict[str, str]:
    """What models are to be called, as it is typed: `MP-SENet=MP-SENet (long)`. Raises UsageError."""
    shown: dict[str, str] = {}
    for word in words:
        model, _, text = map(str.strip, word.partition("="))
        if not model or not text:
            raise UsageError(f"{word!r} is not MODEL=TEXT: write for example 'MP-SENet=MP-SENet (long)'")
        if model in shown:
            raise UsageError(f"{model} gets two names: give it one")
        shown[model] = text
    return shown


# --- how a table is to look ---------------------------------------------------------------------------------

#: The options by the name of their field, each with its type and default.
_LOOKS: dict[str, tuple[Any, Any]] = {
    "template": (
        Annotated[
            str | None,
            typer.Option(
                "--for", metavar="TEMPLATE", help="Size LaTeX for ieeetran, interspeech or article."
            ),
        ],
        None,
    ),
    "columns": (
        Annotated[
            int, typer.Option("--columns", metavar="1|2", help="One column, or the width of the page.")
        ],
        1,
    ),
    "width": (
        Annotated[str | None, typer.Option("--width", metavar="80mm", help="Size LaTeX for this width.")],
        None,
    ),
    "plain": (Annotated[bool, typer.Option("--plain", help="LaTeX without siunitx.")], False),
    "notes": (
        Annotated[
            str | None,
            typer.Option(
                "--notes", metavar="paper|full", help="Footnotes for readers of a paper (with --for), or all."
            ),
        ],
        None,
    ),
    "with_year": (Annotated[bool, typer.Option("--with-year", help="A Year column in a paper too.")], False),
    "params_unit": (
        Annotated[
            str, typer.Option("--params-unit", metavar="M|K", help="Parameters in millions or thousands.")
        ],
        "M",
    ),
    "decimals": (
        Annotated[
            str,
            typer.Option("--decimals", metavar="printed|unified", help="As each source prints, or as usual."),
        ],
        "printed",
    ),
    "bib": (
        Annotated[
            Path | None,
            typer.Option(
                "--bib", metavar="REFS.BIB", help="Cite with your own keys, matched by id, DOI or title."
            ),
        ],
        None,
    ),
    "templates": (
        Annotated[
            Path | None,
            typer.Option("--templates", metavar="FOLDER", help="Your templates, before those of litdb."),
        ],
        None,
    ),
}


def looks(command: Command) -> Command:
    """Give a command the options of a :class:`Appearance`, where its parameter `look` stands."""

    @functools.wraps(command)
    def run(**typed: Any) -> None:
        look = Appearance(**{name: typed.pop(name) for name in _LOOKS})
        command(look=look, **typed)

    keyword = inspect.Parameter.KEYWORD_ONLY
    parameters: list[inspect.Parameter] = []
    for parameter in inspect.signature(command, eval_str=True).parameters.values():
        if parameter.name == "look":
            parameters += [
                inspect.Parameter(name, keyword, default=default, annotation=annotation)
                for name, (annotation, default) in _LOOKS.items()
            ]
        else:
            parameters.append(parameter)
    run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    run.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    return run
