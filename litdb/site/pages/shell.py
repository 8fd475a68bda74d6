"""What stands around every page: policy, sections, and the way back to the root; and the files that all pages share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from litdb._places import packaged
from litdb.report.figures.page import SCRIPT, STYLE
from litdb.report.templating import render_template

#: Nothing is fetched from elsewhere, no text is run as a script, and no text becomes a script by way of the page's own.
STATIC_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)


class Section(NamedTuple):
    """An entry of the navigation: what pages call it, its title, and its address from the root."""

    name: str
    title: str
    href: str


#: The navigation of the static site.
SECTIONS = (
    Section("boards", "Leaderboards", "sets.html"),
    Section("models", "Models", "models.html"),
    Section("papers", "Papers", "papers.html"),
    Section("runs", "Own runs", "runs.html"),
    Section("new", "What is new", "new.html"),
    Section("about", "About", "about.html"),
)


@dataclass(frozen=True, slots=True)
class Shell:
    """What stands around a page: its title, the way to the root (`` or `../`), its section, the policy, the navigation."""

    title: str
    root: str = ""
    section: str = ""
    policy: str = STATIC_POLICY
    sections: tuple[Section, ...] = SECTIONS


def page(name: str, shell: Shell, **values: object) -> str:
    """The page of the template `site/NAME.html.j2`, which extends `site/layout.html.j2`; every text is escaped."""
    return render_template(f"site/{name}.html.j2", {"shell": shell, **values})


def shared_file(name: str) -> bytes:
    """A file that all pages share: `site.css`, `site.js`, each with what the plots need."""
    own = (packaged("templates") / "site" / name).read_text(encoding="utf-8")
    return (own + {"site.css": STYLE, "site.js": SCRIPT}[name]).encode()
