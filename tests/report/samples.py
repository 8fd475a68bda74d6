"""A synthetic comparison with every kind of row and cell, and with hostile names."""

from __future__ import annotations

from litdb.values.origin import Origin
from litdb.values.table import EMPTY, Cell, Column, Provenance, Row, Table

PESQ = Column("PESQ", "PESQ")
SSNR = Column("SSNR", "SSNR (dB)", "dB")
STOI = Column("STOI", "STOI", digits=3)
PARAMS = Column("params", "Params (M)", "M", "lower", per_model=True)
COLUMNS = (PESQ, SSNR, STOI, PARAMS)

HOSTILE = (
    r"\input{/etc/passwd}",
    "<script>alert(1)</script>",
    '=HYPERLINK("http://evil.example","x")',
    "\x1b]0;owned\x07\x1b[31mred\x1b[0m",
    "a|b",
    "$\\sum$ 5$",
    "100% _under_ & #1 ^~{}",
    "模型-Ω é‑ \u202egnp.exe",
    "- [x](javascript:alert(1)) *",
    "``` <!-- --> --- ?`",
    "line\r\nbreak\\",
    "\ud800 lone",
    "[0pt]",
    "@SUM(A1)",
)


def cell(
    value: float,
    text: str,
    *,
    rank: int | None = None,
    notes: tuple[str, ...] = (),
    origin: str = "self",
    uncertainty: float | None = None,
) -> Cell:
    where = Provenance("r" + text, Origin(origin), "arXiv:2511.14515v2, table 1", label="X")
    return Cell(value, text, text, notes, where, rank, uncertainty=uncertainty, comparable=True)


def row(
    name: str,
    *cells: Cell,
    origin: str = "self",
    own: bool = False,
    year: int | None = 2024,
    source: str = "arXiv:2511.14515v2, table 1",
    notes: tuple[str, ...] = (),
    proposed: bool = False,
    reproduced: bool = False,
    checkpoint: str = "",
    url: str = "https://arxiv.org/abs/2511.14515v2",
) -> Row:
    return Row(
        model=name.lower(),
        name=name,
        kind="system",
        own=own,
        origin=Origin(origin),
        source=source,
        cells=cells,
        year=year,
        url=url,
        notes=notes,
        proposed=proposed,
        reproduced=reproduced,
        checkpoint=checkpoint,
    )


SPREAD = "other papers quote 3.10 to 3.17"
TABLE = Table(
    dataset="vbd",
    title="VoiceBank+DEMAND",
    columns=COLUMNS,
    rows=(
        row("IMSE", cell(3.399, "3.399", rank=1), EMPTY, cell(0.955, "0.955", rank=2), cell(427e3, "0.427")),
        row("MUSE", cell(3.37, "3.37", rank=2), cell(9.9, "9.9", rank=2), EMPTY, cell(510e3, "0.51", rank=2)),
        row(
            "MANNER-S-5.3GF",
            cell(3.06, "3.06", notes=(SPREAD,), origin="quoted"),
            cell(-10.25, "-10.25", notes=("from table 2", SPREAD)),
            cell(0.95, "0.95"),
            cell(900e3, "0.90"),
            origin="quoted",
            source="arXiv:2401.00001v1, table 3",
            url="https://arxiv.org/abs/2401.00001v1",
            year=2022,
        ),
        row(
            "BSRNN-FAC",
            cell(2.8635, "2.864", uncertainty=0.021),
            cell(8.0607, "8.06", notes=(SPREAD,)),
            cell(0.9399, "0.940"),
            cell(459867, "0.460"),
            origin="measured",
            own=True,
            source="checkpoint new-best-composite",
            year=None,
            notes=("declared 2025-12-13, before the test",),
            url="",
        ),
        row("MUSE", cell(3.30, "3.30"), EMPTY, EMPTY, EMPTY, origin="reproduced", reproduced=True),
        row("CMGAN", cell(3.41, "3.41"), cell(11.1, "11.10", rank=1), cell(0.96, "0.96", rank=1), EMPTY, proposed=True),
        row(
            "Dense-TSNet",
            Cell(printed="promising", text="promising"),
            Cell(value=7.0, printed="7.00", text="7.00", refused=True, notes=("narrow band; not comparable",)),
            EMPTY,
            cell(14e3, "0.014", rank=1),
            origin="claim",
            source="group notes",
            url="",
        ),
    ),
    notes=("1 value does not state its PESQ band; taken as wide band",),
    hidden=3,
)  # fmt: skip


def hostile_table() -> Table:
    """Every text of the table is hostile."""
    return Table(
        dataset="vbd",
        title=HOSTILE[0],
        columns=(PESQ, Column("x|y", "<b>T_{1}$", "%")),
        rows=tuple(
            row(
                name,
                Cell(None, name, name, (name,), Provenance(name, Origin.CLAIM, name, name, name)),
                cell(-1.5, "-1.5", rank=2),
                source=name,
                notes=(name[::-1],),
                checkpoint=name,
                url=f'javascript:"{name}',
            )
            for name in HOSTILE
        ),
        notes=HOSTILE,
    )
