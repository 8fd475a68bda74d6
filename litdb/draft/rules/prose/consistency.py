"""AGREE and OWN in sentences: abstract, text and tables of a draft say the same of the own network and of how it was tested."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from litdb.draft.finding import DraftFinding, DraftPlace, DraftRule
from litdb.draft.rules.own import ON_VALIDATION
from litdb.draft.rules.prose.numbers import SentenceNumber, SentenceNumberKind
from litdb.draft.rules.prose.sentences import ELSEWHERE, reading
from litdb.draft.rules.prose.subjects import SaidSentence, own_models, statements, subject_of, we_have
from litdb.draft.subject import Draft, Tally
from litdb.draft.text.project import DraftPart
from litdb.values.agreement import agree as same_number

_COUNTS = {
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
}
_SEEDS = re.compile(
    r"\b(?P<count>one|two|three|four|five|six|seven|eight|nine|ten|\d{1,2}) (?:\w+ )?(?:seeds?|(?:training |independent )runs?)\b(?! each)",
    re.IGNORECASE,
)
_FILES = re.compile(
    r"\b(?P<some>\d{2,5}) (?:out )?of (?:the |all )?(?P<all>\d{2,5}) (?:test )?(?:\w+ )?(?:files|utterances|sentences|samples|clips)\b",
    re.IGNORECASE,
)
_ON_TEST = re.compile(
    r"\b(?:select\w*|chos\w+|choos\w+|keep|kept|pick\w*|report\w*|tak\w+|best)\b[^.;]{0,70}\bon the (?:test|evaluation)(?:ing)? (?:set|data|part|files)",
    re.IGNORECASE,
)
_BEST_SEED = re.compile(r"\bbest (?:of (?:the |our )?(?:\w+ )?)?(?:seeds?|runs?)\b", re.IGNORECASE)
_HAS = re.compile(
    r"\b(?:with|has|have|of|needs?|only|just|at|total\w*|counts?)\s(?:about |roughly |nearly |only |just )?$",
    re.IGNORECASE,
)
_NOT = re.compile(r"\b(?:not|never|no|nor|but we compare|but report|instead)\b", re.IGNORECASE)


def consistent(draft: Draft, tally: Tally) -> Iterator[DraftFinding]:
    """AGREE: numbers in sentences that point to a table of the draft; how many seeds there were."""
    for said in statements(draft):
        yield from _in_table(draft, said, tally)
    yield from _seeds(draft, tally)
    yield from _of_own(draft, tally)


def how_tested(draft: Draft, tally: Tally) -> Iterator[DraftFinding]:
    """OWN: what sentences say of selection, files and seeds of the own network, against its declared checkpoints."""
    own = own_models(draft)
    standing = _standing(draft, own)
    if not standing:
        return
    selected = {value_selected for value_selected, _ in standing}
    checkpoints = ", ".join(sorted({name for _, name in standing}))
    for said in statements(draft):
        if said.sentence.part is DraftPart.CAPTION and not said.mentions and "our" not in said.text.lower():
            continue
        denied = _NOT.search(said.text)
        if (
            _ON_TEST.search(said.text)
            and selected == {"validation"}
            and not denied
            and not ON_VALIDATION.search(said.text)
        ):
            tally.checked("sentences on selection")
            yield DraftFinding(
                DraftRule.OWN, said.place(), f"says that checkpoints were selected on the test set; {checkpoints} were on validation data"
            )  # fmt: skip
        elif ON_VALIDATION.search(said.text) and selected == {"test"} and not denied:
            tally.checked("sentences on selection")
            yield DraftFinding(
                DraftRule.OWN, said.place(), f"says that the checkpoint was selected on validation data; {checkpoints} was on the test set"
            )  # fmt: skip
        files = _FILES.search(said.text)
        if files is not None:
            tally.checked("sentences on how many files were tested")
            if int(files["some"]) < int(files["all"]) and _covered(draft, own, int(files["all"])):
                yield DraftFinding(
                    DraftRule.OWN, said.place(files.start()),
                    f"says {files['some']} of {files['all']} files; the scores of {checkpoints} are over all {files['all']}",
                )  # fmt: skip
        if _BEST_SEED.search(said.text) and len({name for _, name in standing}) > 1 and not denied:
            if re.search(r"\bcompar\w+|\breport\w*|\bwe (?:use|give|show)\b", said.text):
                yield DraftFinding(
                    DraftRule.OWN, said.place(), f"the best of several seeds stands for the network; declared are all of them: {checkpoints}"
                )  # fmt: skip


def _standing(draft: Draft, own: tuple[str, ...]) -> list[tuple[str, str]]:
    """What the checkpoints that stand for the own network were selected on, with their names."""
    found: dict[str, str] = {}
    for key in own:
        for value in draft.knowledge.values(key):
            checkpoint = value.row.checkpoint
            if checkpoint is None:
                continue
            members = checkpoint.group.members if checkpoint.group is not None else ()
            if checkpoint.key == checkpoint.standing or checkpoint.key in members:
                found[checkpoint.key] = checkpoint.selected_on
    return [(selected, key) for key, selected in sorted(found.items())]


def _covered(draft: Draft, own: tuple[str, ...], files: int) -> bool:
    return any(
        value.protocol.get("files") in (str(files), None) and value.row.checkpoint is not None
        for key in own
        for value in draft.knowledge.values(key)
    )


def _in_table(draft: Draft, said: SaidSentence, tally: Tally) -> Iterator[DraftFinding]:
    """Values of a sentence that points to a table: they must stand there."""
    tables = [table for label in said.tables if (table := draft.project.table_of(label)) is not None]
    if len(tables) != 1 or said.sentence.part is DraftPart.CAPTION:
        return
    table = tables[0]
    for number in said.numbers:
        if (
            number.kind is not SentenceNumberKind.VALUE
            or number.approximate
            or not number.quantity
            or number.digits < 2
        ):
            continue
        cells = [cell for row in table.rows for cell in row.numbers if cell.quantity == number.quantity]
        if not cells:
            tally.unchecked("numbers in sentences that point to a table without such a column")
            continue
        tally.checked("numbers in sentences that point to a table")
        one = reading(number)
        if any(same_number(cell, one) for cell in cells) or _elsewhere(said, number):
            continue
        yield DraftFinding(
            DraftRule.AGREE, said.place(number.start),
            f"{number.quantity} {number.printed} does not stand in {table.name} ({table.place.file}:{table.place.line}), to which the sentence points",
        )  # fmt: skip


def _elsewhere(said: SaidSentence, number: SentenceNumber) -> bool:
    """Whether a number stands in another table of the draft, in a row that the sentence speaks of."""
    one = reading(number)
    rows = [row for mention in said.mentions for row in mention.rows]
    return any(
        same_number(cell, one) for row in rows for cell in row.numbers if cell.quantity == number.quantity
    )


def _seeds(draft: Draft, tally: Tally) -> Iterator[DraftFinding]:
    """How many seeds the draft says there were, at each place."""
    said: list[tuple[int, SaidSentence, DraftPlace]] = []
    for sentence in statements(draft):
        for match in _SEEDS.finditer(sentence.text):
            word = match["count"].lower()
            count = _COUNTS.get(word) or int(word)
            others = [m for m in sentence.mentions if not m.own and m.models]
            if count > 1 and not others:
                said.append((count, sentence, sentence.place(match.start())))
    if len(said) < 2:
        return
    tally.checked("numbers of seeds", len(said))
    counts = Counter(count for count, _, _ in said)
    usual, times = counts.most_common(1)[0]
    if len(counts) == 1 or times * 2 <= len(said):
        return
    where = next(place for count, _, place in said if count == usual)
    for count, _, place in said:
        if count != usual:
            yield DraftFinding(
                DraftRule.AGREE,
                place,
                f"says {count} seeds; {where.file}:{where.line} and {times - 1} other places say {usual}",
            )


def _of_own(draft: Draft, tally: Tally) -> Iterator[DraftFinding]:
    """A score of the own network that a sentence gives and its rows do not: of an own model without results in the catalogue."""
    own = own_models(draft)
    rows = [
        row
        for table in draft.project.tables
        for row in table.rows
        if row.own or set(draft.models(row)) & set(own)
    ]
    if not rows:
        return
    for said in statements(draft):
        if ELSEWHERE.search(said.text):
            continue
        for number in said.numbers:
            if (
                number.kind is not SentenceNumberKind.VALUE
                or (number.assumed and not we_have(said, number))
                or number.approximate
                or not number.quantity
            ):
                continue
            subject = subject_of(said, number)
            if not subject.sure or not subject.mentions[0].own:
                continue
            if (
                subject.mentions[0] not in said.mentions
                and number.quantity == "params"
                and not _HAS.search(said.text[: number.start])
            ):
                continue  # "0.07 for 13 K parameters" is of a part
            one = reading(number)
            quantities = (number.quantity, *(number.others if number.assumed else ()))
            cells = [cell for row in rows for cell in row.numbers if cell.quantity in quantities]
            if not cells:
                continue
            if number.assumed and any(same_number(cell, reading(number, cell.quantity)) for cell in cells):
                continue
            tally.checked("numbers of the own network in sentences")
            known = any(
                value.value is not None
                and abs(value.value - number.value) <= max(number.resolution, value.resolution) / 2 * 1.001
                for key in own
                for other in (key, *draft.knowledge.family(key))
                for quantity in quantities
                for value in draft.knowledge.values(other, quantity)
            )
            if not known and not any(same_number(cell, one) for cell in cells):
                cell = cells[0]
                row = next(row for row in rows if cell in row.numbers)
                yield DraftFinding(
                    DraftRule.AGREE, said.place(number.start),
                    f"{number.quantity} {number.printed} of the own network; {row.place.file}:{row.place.line} has {cell.printed}",
                )  # fmt: skip
