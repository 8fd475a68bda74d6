"""docs/python.md: what can be called from Python, from the signatures and docstrings of the code."""

from __future__ import annotations

import inspect
import re
import textwrap
from collections.abc import Callable, Iterator
from typing import Any, get_type_hints

import litdb.api
from litdb.api.catalogue import Catalogue, open_catalogue
from litdb.api.evidence import audit_rules
from litdb.api.opened import Opened
from litdb.api.papers import extract, readings_text
from litdb.questions.question import Words

_WIDTH = 100
_HEAD = """\
# litdb from Python

Made from the signatures and docstrings of the code by `python -m litdb.api.reference`; a test compares them. Every command
on a catalogue is a method of `Catalogue` here, and what it prints is what the method returns.

    import litdb

    with litdb.open() as catalogue:
        table = catalogue.table(["params", "PESQ"], where={"params": "0.4M..1.0M", "PESQ": "2.8..3.4"})
        print(litdb.render(table, "markdown"))
        for shown in catalogue.why("IMSE", "PESQ").shown:
            print(shown.value.printed, shown.value.cited, shown.because)
        frame = catalogue.table_frame(["params", "PESQ"])    # pandas

What a user can cause is raised as `litdb.LitdbError` or one of the errors below it (`litdb/errors.py` draws the tree),
whose text is one sentence that says what to do. Text that came from papers is as it was printed: escape it before it
reaches a terminal or a page.
"""


def page() -> str:
    """The whole page."""
    parts = [_HEAD, "## Opening a catalogue", *_function("litdb.open", open_catalogue), *_methods(Opened)]
    for verbs in Catalogue.__bases__:
        title, _, more = inspect.cleandoc(verbs.__doc__ or "").partition("\n")
        parts += [f"## {title.rstrip('.')}", _prose(more.strip())] if more else [f"## {title.rstrip('.')}"]
        parts += _methods(verbs)
    parts += ["## The words of a question", _prose(inspect.getdoc(Words) or ""), "\n".join(_words())]
    parts += ["## Without a catalogue"]
    for function in (extract, readings_text, audit_rules):
        parts += _function(f"litdb.api.{function.__name__}", function)
    parts += ["## What is returned", "Frozen dataclasses, all of them in `litdb.api`.", "\n".join(_types())]
    return "\n\n".join(part.strip("\n") for part in parts) + "\n"


def _methods(verbs: type) -> list[str]:
    """The public members that a class itself gives, in the order in which they are written."""
    parts = []
    for name, member in vars(verbs).items():
        if name.startswith("_"):
            continue
        if isinstance(member, property) and member.fget is not None:
            result = inspect.signature(member.fget).return_annotation
            parts += _entry(f"catalogue.{name}", f"catalogue.{name}: {result}", member.__doc__)
        elif isinstance(member, classmethod):
            parts += _function(f"Catalogue.{name}", getattr(verbs, name))
        elif inspect.isfunction(member):
            parts += _function(f"catalogue.{name}", member)
    return parts


def _function(name: str, function: Callable[..., Any]) -> list[str]:
    return _entry(name, _call(name, function), function.__doc__)


def _entry(name: str, code: str, text: str | None) -> list[str]:
    return [f"### {name}", textwrap.indent(code, "    "), _prose(inspect.cleandoc(text or ""))]


def _call(name: str, function: Callable[..., Any]) -> str:
    """The signature, on one line or a parameter a line."""
    signature = inspect.signature(function)
    own = [parameter for parameter in signature.parameters.values() if parameter.name != "self"]
    taken = [_parameter(parameter) for parameter in own]
    kinds = [parameter.kind for parameter in own]
    if inspect.Parameter.KEYWORD_ONLY in kinds and inspect.Parameter.VAR_POSITIONAL not in kinds:
        taken.insert(kinds.index(inspect.Parameter.KEYWORD_ONLY), "*")
    line = f"{name}({', '.join(taken)}) -> {signature.return_annotation}"
    if len(line) <= _WIDTH:
        return line
    return "\n".join([f"{name}(", *(f"    {text}," for text in taken), f") -> {signature.return_annotation}"])


def _parameter(parameter: inspect.Parameter) -> str:
    kinds = [parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD]  # written *words and **words
    stars = "*" * (kinds.index(parameter.kind) + 1) if parameter.kind in kinds else ""
    default = "" if parameter.default is parameter.empty else f" = {parameter.default!r}".replace("'", '"')
    return f"{stars}{parameter.name}: {parameter.annotation}{default}"


def _words() -> Iterator[str]:
    yield "| word | type | what it is |"
    yield "|---|---|---|"
    for word, hint in get_type_hints(Words, include_extras=True).items():
        kind = re.sub(r"\b[a-z_.]+\.(?=\w)", "", inspect.formatannotation(hint.__origin__))
        yield f"| `{word}` | `{kind.replace('|', chr(92) + '|')}` | {hint.__metadata__[0]} |"


def _types() -> Iterator[str]:
    yield "| type | what it is |"
    yield "|---|---|"
    for name in sorted(litdb.api.__all__):
        kind = getattr(litdb.api, name)
        if inspect.isclass(kind) and kind not in (Catalogue, Words):
            first = re.split(r"(?<=\.)\s", inspect.getdoc(kind) or "", maxsplit=1)[0]
            yield f"| `{name}` | {_prose(first.replace(chr(10), ' '))} |"


def _prose(text: str) -> str:
    """A docstring as Markdown: what it refers to in the way of Sphinx becomes code."""
    return re.sub(r":mod:(`[^`]+`)|:\w+:`(?:[a-z_]+\.)*([^`]+)`", lambda m: m[1] or f"`{m[2]}`", text)


if __name__ == "__main__":
    print(page(), end="")
