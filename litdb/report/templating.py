"""Jinja environments in which every value is escaped for the output unless it is marked as ready."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

from litdb._places import packaged
from litdb.errors import UsageError
from litdb.report import escape


class Ready(str):
    """A text that is already in the language of the output and is not escaped again."""

    __slots__ = ()


def render_template(name: str, values: dict[str, Any], folder: Path | None = None) -> str:
    """The template `name` below `templates/`, filled; its ending (.tex, .md, .html, then .j2) says the language.

    A template of that name (or of its last part) in `folder` comes before litdb's. Raises UsageError for one that cannot be
    filled.
    """
    if folder is None:
        return _environment(name.split(".")[-2]).get_template(name).render(values)
    own = [name] if (folder / name).is_file() else [name.rpartition("/")[2], name]
    try:
        return _environment(name.split(".")[-2], folder).select_template(own).render(values)
    except jinja2.TemplateError as error:
        raise UsageError(f"the template {own[0]} of {folder} cannot be filled: {error}") from error


@lru_cache(maxsize=8)
def _environment(language: str, folder: Path | None = None) -> jinja2.Environment:
    if language == "html":
        environment = jinja2.Environment(autoescape=True, finalize=_cleaned)
    elif language == "tex":
        from litdb.report.paper.latex_text import latex

        # Braces are everywhere in LaTeX.
        environment = jinja2.Environment(
            finalize=_escaper(latex),
            block_start_string="<%",
            block_end_string="%>",
            variable_start_string="<<",
            variable_end_string=">>",
            comment_start_string="<#",
            comment_end_string="#>",
        )
    else:
        environment = jinja2.Environment(finalize=_escaper(escape.markdown))
    environment.loader = jinja2.FileSystemLoader([*([folder] if folder else []), packaged("templates")])
    environment.undefined = jinja2.StrictUndefined
    environment.trim_blocks = environment.lstrip_blocks = True
    environment.keep_trailing_newline = True
    return environment


def _escaper(escape_text: Callable[[str], str]) -> Callable[[object], str]:
    return lambda value: str(value) if isinstance(value, Ready) else escape_text(str(value))


def _cleaned(value: object) -> object:
    return value if isinstance(value, Markup) else escape.clean(str(value))
