"""The five checkpoints of a run: the last one and the best by each of four validation criteria."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Self

from model.checkpoint import save_checkpoint
from model.errors import NotFinite
from model.networks import Network
from model.runs import CheckpointRecord, RunFolder

#: Checkpoint name -> (what is compared at every validation, whether more is better)
CRITERIA = {
    "best-loss": ("loss", False),
    "best-pesq": ("pesq", True),
    "best-stoi": ("stoi", True),
    "best-composite": ("composite", True),
}

_WORDS = {
    "best-loss": "lowest validation loss",
    "best-pesq": "highest validation PESQ",
    "best-stoi": "highest validation STOI",
    "best-composite": "highest 0.5 (PESQ - 1) / 3.5 + 0.3 STOI - 0.2 loss on validation",
    "last": "last epoch",
}


@dataclass(frozen=True)
class Validation:
    """Means over the held-out utterances; PESQ and STOI cover `pesq_files` and `stoi_files` of `files`.

    A mean is None when no file has a value.
    """

    loss: float
    pesq: float | None
    stoi: float | None
    files: int
    pesq_files: int
    stoi_files: int

    @property
    def composite(self) -> float | None:
        """0.5 (PESQ - 1) / 3.5 + 0.3 STOI - 0.2 loss."""
        if self.pesq is None or self.stoi is None:
            return None
        return 0.5 * (self.pesq - 1) / 3.5 + 0.3 * self.stoi - 0.2 * self.loss

    def to_json(self) -> dict[str, Any]:
        """The fields and the composite."""
        return {**asdict(self), "composite": self.composite}

    def terms(self) -> dict[str, float]:
        """loss, pesq, stoi and composite as far as they exist."""
        named = {"loss": self.loss, "pesq": self.pesq, "stoi": self.stoi, "composite": self.composite}
        return {name: value for name, value in named.items() if value is not None}


@dataclass(frozen=True)
class Best:
    """What each criterion has reached so far, and the records of the files written."""

    records: tuple[CheckpointRecord, ...] = ()

    def improved(self, validation: Validation) -> list[str]:
        """The criteria by which a validation is better than everything before; the first in a tie stays."""
        terms, names = validation.terms(), []
        for name, (term, more) in CRITERIA.items():
            if term not in terms:
                continue
            record = next((record for record in self.records if record.name == name), None)
            old = None if record is None else record.validation[term]
            if old is None or (terms[term] > old if more else terms[term] < old):
                names.append(name)
        return names

    def to_json(self) -> list[dict[str, Any]]:
        """Plain values for the resume state."""
        return [asdict(record) for record in self.records]

    @classmethod
    def from_json(cls, values: list[Mapping[str, Any]]) -> Self:
        """What `to_json` wrote."""
        return cls(tuple(CheckpointRecord(**value) for value in values))


def write_checkpoints(
    run: RunFolder, network: Network, epoch: int, validation: Validation | None, best: Best
) -> Best:
    """Write the last checkpoint and those a validation improved, then `checkpoints.json`; the new records.

    Raises NotFinite naming the first weight that is not finite, before any file is touched.
    """
    for name, parameter in network.named_parameters():
        if not parameter.isfinite().all():
            raise NotFinite(f"the weight {name} is not finite after epoch {epoch}; no checkpoint was written")
    records = {record.name: record for record in best.records}
    terms = validation.terms() if validation else {}
    written = ["last", *(best.improved(validation) if validation else [])]
    for name in written:
        file = f"checkpoint_{name.replace('-', '_')}.pt"
        digest = save_checkpoint(
            run.path / file,
            network,
            epoch=epoch,
            gen_loss=terms.get("loss"),
            pesq_score=terms.get("pesq"),
            stoi_score=terms.get("stoi"),
            composite_score=terms.get("composite"),
        )
        selected_on = "none" if name == "last" else "validation"
        records[name] = CheckpointRecord(name, file, digest, epoch, selected_on, _WORDS[name], terms)
    new = replace(best, records=tuple(records[name] for name in _WORDS if name in records))
    run.record_checkpoints(new.records)
    return new
