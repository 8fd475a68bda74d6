"""What the catalogues of two people hold before they are merged."""

from __future__ import annotations

from collections.abc import Callable

from litdb.catalogue.database.session import Store
from litdb.catalogue.hand import Written
from litdb.catalogue.measured import Measured, Utterance
from litdb.vocabulary.protocol import Protocol
from tests.catalogue.scenes import (
    copy_into,
    extraction,
)

NewStore = Callable[[], Store]
IMSE = "latex:arXiv:2511.14515v1"
MUSE = "latex:arXiv:2406.04589v1"
IMSE_TABLE = extraction([("Noisy", "1.97", False), ("TSTNN", "2.96", False), ("IMSE", "3.399", True)])
MUSE_TABLE = extraction([("Noisy", "1.97", False), ("MUSE", "3.37", True)])


def working(new_store: NewStore, shipped: Store) -> Store:
    return copy_into(new_store(), shipped)


def measured(pesq: str, *, sha256: str | None = None, identity: str = "mine/best") -> Measured:
    files = Protocol.stated(files="824", files_expected="824")
    return Measured(
        model="My Net",
        identity=identity,
        dataset="vbd",
        readings=(
            Written(
                label="My Net",
                metric="PESQ",
                printed=pesq,
                origin="measured",
                by="run",
                dataset="vbd",
                stated=files,
            ).reading(),
        ),
        sha256=sha256,
        utterances=(
            Utterance("p232_001.wav", "PESQ", 3.1),
            Utterance("p232_002.wav", "PESQ", None, "silent"),
        ),
    )
