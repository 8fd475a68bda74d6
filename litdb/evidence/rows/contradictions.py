"""Numbers of one row that cannot all be of the same audio: what an audit reports, and what no table ranks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Protocol as Interface
from typing import TypeVar

from litdb.evidence import composites
from litdb.values.agreement import Printed
from litdb.values.value import Value
from litdb.vocabulary.protocol import Protocol


class StatedNumber(Printed, Interface):
    """A number as it was printed, with how it was obtained."""

    @property
    def protocol(self) -> Protocol: ...


N = TypeVar("N", bound=StatedNumber)


#: Upper bounds of the composite measures: constant, and weights of PESQ and segmental SNR; what is left out (LLR, WSS)
#: only lowers them. Hu and Loizou, Evaluation of objective quality measures for speech enhancement, 2008.
_BOUNDS = {"CSIG": (3.093, 0.603, 0.0), "CBAK": (1.634, 0.478, 0.063), "COVL": (1.594, 0.805, 0.0)}


def exclusive(row: Mapping[str, N]) -> Iterator[tuple[str, tuple[N, ...]]]:
    """Numbers of one row, by metric, that exclude one another: why, and which."""
    for smaller, larger, why in (
        ("ESTOI", "STOI", "extended STOI is never above STOI"),
        ("PESQ", "PESQ-NB", "wide-band PESQ is below narrow-band PESQ of the same audio"),
    ):
        one, other = row.get(smaller), row.get(larger)
        if one is not None and other is not None and _above(one, _number(other), other.resolution):
            yield f"{smaller} {one.printed} with {larger} {other.printed}: {why}", (one, other)
    pesq = row.get("PESQ")
    if pesq is None or pesq.protocol.get("band") == "NB":
        return
    for quantity, (constant, of_pesq, of_ssnr) in _BOUNDS.items():
        value, ssnr = row.get(quantity), row.get("SSNR")
        if value is None or (of_ssnr and ssnr is None):
            continue
        bound = (
            constant
            + of_pesq * _number(pesq)
            + (of_ssnr * _number(ssnr) if ssnr is not None and of_ssnr else 0.0)
        )
        if bound < 5.0 and _above(value, bound, of_pesq * pesq.resolution):
            parts = (value, pesq, ssnr) if ssnr is not None and of_ssnr else (value, pesq)
            given = f"PESQ {pesq.printed}" + (f" and SSNR {ssnr.printed}" if len(parts) == 3 and ssnr else "")
            yield f"{quantity} {value.printed} with {given}: by its definition at most {bound:.2f}", parts


def contradicted(row: Iterable[Value]) -> dict[str, str]:
    """Why scores of one row on one test set have no rank, by metric, where its other numbers speak against them."""
    found: dict[str, str] = {}
    values = [value for value in row if value.value is not None and value.dataset]
    if any(value.metric.partition("@")[0] in _TOLD_BY_OTHERS for value in values):
        for text, (first, *_) in exclusive({value.metric: value for value in values}):
            found[first.metric] = f"it cannot be, {text}"
        by_quantity = composites.of_row(values)
        if reason := composites.impossible(by_quantity):
            for quantity in composites.COMPOSITES:
                found.setdefault(by_quantity[quantity].metric, f"it cannot be, {reason}")
    return found


#: The metrics that :func:`exclusive` and the composites' arithmetic can speak against.
_TOLD_BY_OTHERS = {*composites.COMPOSITES, "ESTOI", "PESQ-NB"}


def _number(value: StatedNumber) -> float:
    assert value.value is not None
    return value.value


def _above(value: StatedNumber, bound: float, slack: float) -> bool:
    return _number(value) - bound > (value.resolution + slack) / 2 + 1e-9
