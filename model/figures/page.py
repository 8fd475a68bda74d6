"""The report as one HTML page that needs nothing else: figures lie inside it, nothing is fetched, no script runs."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence

from litdb.report.escape import html
from model.figures.drawing import Absent, Picture
from model.figures.numbers import Section

_STYLE = """
:root{color-scheme:light dark}
body{max-width:62rem;margin:2rem auto;padding:0 1rem;font-family:system-ui,sans-serif;line-height:1.5}
table{border-collapse:collapse;font-variant-numeric:tabular-nums;font-size:.9rem}
th,td{text-align:left;vertical-align:top;padding:.15rem .8rem .15rem 0;border-bottom:1px solid #8884;overflow-wrap:break-word}
.wide{overflow-x:auto}
figure{margin:1.5rem 0}
figure img{background:#fff;max-width:100%;height:auto;padding:.5rem;box-sizing:border-box}
figcaption,.note{font-size:.9rem;max-width:48rem}
""".strip()


def page(
    title: str, sections: Sequence[Section], found: Sequence[Picture | Absent], drawn: Mapping[str, bytes]
) -> str:
    """The page; `drawn` are the figures as SVG by their name. Every text is escaped."""
    digest = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
    policy = (
        f"default-src 'none'; img-src data:; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    )
    parts = [
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{html(title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n<h1>{html(title)}</h1>"
    ]
    parts += map(_section, sections[:1])
    parts.append("<h2>Figures</h2>")
    parts += [_figure(one, drawn) for one in found]
    parts += map(_section, sections[1:])
    return "\n".join([*parts, "</main>\n</body>\n</html>"]) + "\n"


def _figure(one: Picture | Absent, drawn: Mapping[str, bytes]) -> str:
    if isinstance(one, Absent):
        return f'<h3>{html(one.title)}</h3>\n<p class="note">Not drawn: {html(one.reason)}.</p>'
    source = base64.b64encode(drawn[one.name]).decode()
    return (
        f'<h3>{html(one.title)}</h3>\n<figure><img alt="{html(one.title)}: {html(one.caption)}" '
        f'src="data:image/svg+xml;base64,{source}">\n<figcaption>{html(one.caption)}</figcaption></figure>'
    )


def _section(section: Section) -> str:
    parts = [f"<h2>{html(section.title)}</h2>"]
    if section.rows:
        head, *body = section.rows
        cells = "".join(f'<th scope="col">{html(cell)}</th>' for cell in head)
        rows = "\n".join(
            "<tr>"
            + "".join(
                f'<th scope="row">{html(cell)}</th>' if not place else f"<td>{html(cell)}</td>"
                for place, cell in enumerate(row)
            )
            + "</tr>"
            for row in body
        )
        parts.append(
            f'<div class="wide" tabindex="0" role="region" aria-label="{html(section.title)}"><table>\n<thead><tr>{cells}</tr></thead>\n<tbody>\n{rows}\n</tbody></table></div>'
        )
    parts += [f'<p class="note">{html(note)}</p>' for note in section.notes]
    return "\n".join(parts)
