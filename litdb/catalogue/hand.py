"""Readings by hand: values that a person typed, the seed ships or an own run gave, read and stored."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from litdb.catalogue.database.schema import DocumentRow, ReadingRow
from litdb.catalogue.derive import Interned
from litdb.catalogue.keys import place_key
from litdb.catalogue.record import reading_fields
from litdb.errors import Conflict, Impossible, InputError
from litdb.values.reading import Reading
from litdb.vocabulary import MetricName, parse_number, vocabulary
from litdb.vocabulary.entered import entered, is_its_own_reference, refusal
from litdb.vocabulary.protocol import NOTHING_STATED, Protocol
from litdb.vocabulary.remarks import Flag, Mark, Remark


@dataclass(frozen=True, slots=True)
class Written:
    """A value as somebody wrote it down: the number as text, the metric in any spelling.

    `stated` is what is known of its protocol besides what the metric's name says; `std` a standard deviation as text;
    `marks` what must be said beside it; `force` why an impossible value is taken.
    """

    label: str
    metric: str
    printed: str
    origin: str
    by: str
    dataset: str = ""
    table: str = ""
    table_kind: str = "comparison"
    page: int | None = None
    row: int | None = None
    stated: Protocol = NOTHING_STATED
    std: str = ""
    remark: str = ""
    own: bool = False
    marks: tuple[Remark, ...] = ()
    force: str = ""

    def reading(self) -> Reading:
        """The reading: the number normalised, the metric's name made canonical, odd values flagged.

        Raises UsageError for an unknown metric, InputError for a value that is no number, unless it is a claim, Impossible
        for one that the metric cannot have, unless `force` says why it is taken all the same.
        """
        words = vocabulary()
        name = words.metric_name(self.metric)
        quantity = words.metric(name.quantity)
        assert quantity is not None
        try:
            number = entered(self.printed, quantity)
        except InputError as error:
            if self.origin == "claim" and parse_number(self.printed) is None:
                return self._claim_in_words(name)
            raise InputError(f"{self.label}, {self.metric}: {error}") from error
        impossible = refusal(quantity, number.value, self.printed)
        if impossible and not self.force:
            raise Impossible(f"{self.label}: {impossible}")
        full = name.protocol().merged(self.stated)
        flags = list(number.flags)
        if not quantity.plausible(number.value):
            flags.append(Remark(Flag.OUT_OF_RANGE))
        if self.origin in ("measured", "reproduced") and is_its_own_reference(
            quantity, full.get("band"), number.value
        ):
            flags.append(Remark(Mark.CLEAN, (f"{quantity.id} {self.printed}",)))
        if impossible:
            flags.append(Remark(Flag.FORCED, (impossible, self.force)))
        return Reading(
            model=self.label,
            metric=str(MetricName.of(name.quantity, full)),
            quantity=name.quantity,
            dataset="" if quantity.per_model else self.dataset,
            value=number.value,
            printed=self.printed,
            origin=self.origin,
            by=self.by,
            table=self.table,
            table_kind=self.table_kind,
            row=self.row,
            page=self.page,
            own=self.own,
            unit=number.unit,
            resolution=number.resolution,
            approximate=number.approximate,
            uncertainty=float(self.std) if self.std else number.uncertainty,
            uncertainty_kind="std" if self.std else "unknown" if number.uncertainty is not None else "",
            protocol=full,
            flags=(*flags, *self.marks),
            remark=self.remark,
        )

    def _claim_in_words(self, name: MetricName) -> Reading:
        return Reading(
            model=self.label,
            metric=str(name),
            quantity=name.quantity,
            dataset=self.dataset,
            value=None,
            printed=self.printed,
            origin=self.origin,
            by=self.by,
            table=self.table,
            words=self.printed,
            remark=self.remark,
        )


def put_readings(
    session: Session,
    document: DocumentRow,
    readings: Iterable[Reading],
    *,
    checkpoint_id: int | None = None,
    key_of: dict[int, str] | None = None,
) -> int:
    """Add readings by hand to a document; derive its results afterwards. Returns how many were new.

    The same reading twice changes nothing. Raises Conflict when the place already holds another number.
    """
    protocols = Interned(session)
    added = 0
    for index, hand in enumerate(readings):
        key = (key_of or {}).get(index) or place_key(
            document.key, hand.table, hand.model, hand.metric, hand.dataset
        )
        known = session.scalar(select(ReadingRow).where(ReadingRow.key == key))
        if known is not None:
            if known.printed != hand.printed or known.value != hand.value:
                raise Conflict(
                    f"{hand.model}, {hand.metric}: {document.uri} is recorded with {known.printed}, "
                    f"the new value is {hand.printed}; nothing was changed (`litdb correct` records a correction)"
                )
            continue
        fields = reading_fields(document, hand, key, protocols)
        session.add(ReadingRow(**fields, checkpoint_id=checkpoint_id))
        added += 1
    session.flush()
    return added
