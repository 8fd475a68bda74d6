"""A letter to authors as the text of an issue, in Markdown. Printed, never sent."""

from __future__ import annotations

from litdb.evidence.tracing.card import Contradiction, Letter
from litdb.report.escape import markdown


def letter_text(letter: Letter) -> str:
    """The whole text, or a sentence where there is nothing to ask."""
    title = markdown(letter.title)
    if not letter.contradicted and not letter.questions:
        return f"nothing to ask the authors of “{title}”"
    where = f" ({markdown(letter.url)})" if letter.url else ""
    lines = [
        "Dear authors,",
        "",
        f"thank you for “{title}”{where}. We keep the published results of speech enhancement with their sources, and would "
        "like to represent yours correctly. Could you help us with the following?",
    ]
    if letter.contradicted:
        lines += ["", "**Numbers that differ**", ""]
        for number, one in enumerate(letter.contradicted, 1):
            lines += _contradiction(number, one)
    if letter.questions:
        lines += ["", "**What we did not find** (where we overlooked it, a pointer is enough)", ""]
        lines += [f"- {markdown(question)}" for question in letter.questions]
    lines += [
        "",
        "If we have misread something, please tell us, and we will correct it. Thank you very much!",
    ]
    return "\n".join(lines)


def _contradiction(number: int, one: Contradiction) -> list[str]:
    note = f" ({markdown(one.note)})" if one.note else ""
    lines = [f"{number}. {markdown(one.what)}: which number stands?{note}"]
    several = len({cell.what for cell in one.cells}) > 1  # then the column is part of where it stands
    return lines + [
        f"   - {markdown(cell.text)}: {markdown(cell.place)}{f', {markdown(cell.what)}' if several else ''}"
        for cell in one.cells
    ]
