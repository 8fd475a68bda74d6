"""A page with the plot: everything is in the file, nothing is fetched, and hostile names stay text."""

from __future__ import annotations

import base64
import hashlib

from litdb.report.escape import clean, html
from litdb.report.figures.interactive import interactive_svg
from litdb.report.figures.look import causality
from litdb.report.figures.points import Points
from litdb.values.table import Column
from litdb.vocabulary.ranges import Range

#: What a page that embeds the SVG may add, in its style sheet and its script: the box that tells of a point, and a search
#: in `<input class="lp-find">`, if the page has one.
STYLE = """
.lp-plot { max-width: 100%; height: auto; }
.lp-point { cursor: pointer; }
.lp-point:focus { outline: none; }
.lp-point:focus-visible, .lp-point:hover { filter: drop-shadow(0 0 2px currentColor); }
.lp-plot.lp-some .lp-point, .lp-plot.lp-some .lp-labels { opacity: 0.12; }
.lp-plot.lp-some .lp-point.lp-found { opacity: 1; }
.lp-told { position: fixed; max-width: 26rem; padding: .5rem .7rem; background: Canvas; color: CanvasText; border: 1px solid #555;
  border-radius: 4px; font: 0.85rem/1.35 sans-serif; white-space: pre-line; pointer-events: none; z-index: 9; }
"""
SCRIPT = """
"use strict";
for (const plot of document.querySelectorAll("svg.lp-plot")) {
  const box = document.createElement("div");
  box.className = "lp-told"; box.hidden = true; box.setAttribute("aria-hidden", "true");
  document.body.append(box);
  const show = (event) => {
    const point = event.target.closest(".lp-point");
    if (!point || !plot.contains(point)) { box.hidden = true; return; }
    let title = point.querySelector("title");
    if (title) { point.dataset.told = title.textContent; title.remove(); }
    box.textContent = point.dataset.told; box.hidden = false;
    const at = point.getBoundingClientRect();
    const left = Math.min(at.right + 8, innerWidth - box.offsetWidth - 8);
    const top = Math.min(at.bottom + 8, innerHeight - box.offsetHeight - 8);
    box.style.left = Math.max(4, left) + "px"; box.style.top = Math.max(4, top) + "px";
  };
  // On the document: an SVG with listeners of its own to focus would be a stop of the Tab key.
  document.addEventListener("mouseover", show);
  document.addEventListener("focusin", show);
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") box.hidden = true; });
  const find = document.querySelector("input.lp-find");
  if (find) find.addEventListener("input", () => {
    const words = find.value.trim().toLowerCase();
    plot.classList.toggle("lp-some", words !== "");
    for (const point of plot.querySelectorAll(".lp-point"))
      point.classList.toggle("lp-found", words !== "" && point.dataset.name.toLowerCase().includes(words));
  });
}
"""
_PAGE_STYLE = """
body { font: 1rem/1.5 sans-serif; max-width: 60rem; margin: 1rem auto; padding: 0 1rem; color-scheme: light dark;
  background: Canvas; color: CanvasText; }
table { border-collapse: collapse; font-size: .9rem; } th, td { text-align: left; padding: .1rem .6rem .1rem 0; vertical-align: top; }
"""
_MOST_IN_TABLE = 2000


def interactive_page(
    found: Points,
    x: Column,
    y: Column,
    *,
    title: str = "",
    xlim: Range | None = None,
    ylim: Range | None = None,
) -> str:
    """A whole HTML page with the plot, a field that finds names, the data as a table, and a policy that lets nothing be fetched."""
    name = clean(title) or "Models"
    style, script = STYLE + _PAGE_STYLE, SCRIPT
    policy = f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; base-uri 'none'; form-action 'none'"
    heading = f"{y.title} over {x.title}, {name}"
    rows = [
        f"<tr><td>{html(p.name)}</td><td>{html(p.x_text)}</td><td>{html(p.y_text)}</td><td>{html(p.mark)}</td>"
        f"<td>{html(causality(p))}</td><td>{html(p.y_source)}</td><td>{'; '.join(map(html, p.notes))}</td></tr>"
        for p in found.points[:_MOST_IN_TABLE]
    ]
    head = "".join(f"<th>{html(one)}</th>" for one in ("Model", x.title, y.title, "Origin", "Causal", "Source", "Notes"))  # fmt: skip
    left = len(found.points) - len(rows)
    return "\n".join([
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{html(heading)}</title><style>{style}</style></head><body><main>",
        f"<h1>{html(heading)}</h1>",
        '<p><label>Find a model: <input class="lp-find" type="search" autocomplete="off"></label></p>',
        interactive_svg(found, x, y, title=heading, xlim=xlim, ylim=ylim),
        *(f"<p>{html(note)}</p>" for note in found.notes),
        f"<details><summary>The data as a table</summary><table><thead><tr>{head}</tr></thead><tbody>",
        *rows,
        "</tbody></table>",
        f"<p>{left} more points: the CSV beside this page has them.</p>" if left else "",
        f"</details></main><script>{script}</script></body></html>\n",
    ])  # fmt: skip


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
