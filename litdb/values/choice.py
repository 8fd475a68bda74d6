"""What selection gives back: a row of a table, with the value that was chosen for each asked metric."""

from __future__ import annotations

from dataclasses import dataclass

from litdb.values.value import SourceRow, Value


@dataclass(frozen=True, slots=True)
class Choice:
    """The value chosen for one asked metric, and what must be said with it; `filled` from another row than the base.

    `settled` says why, where the resolution of a conflict put it in the place of what the row gives.
    """

    value: Value
    filled: bool = False
    notes: tuple[str, ...] = ()
    settled: str = ""


@dataclass(frozen=True, slots=True)
class Selected:
    """One row of a table: its source row and the choice for each asked metric (None where nothing is known).

    `stated` is all that the source row says, asked or not.
    """

    row: SourceRow
    choices: tuple[Choice | None, ...]
    notes: tuple[str, ...] = ()
    reproduced: bool = False
    stated: tuple[Value, ...] = ()

    @property
    def causal(self) -> bool | None:
        """Whether the row states that the model is causal, or that it is not; None where it states neither, or both."""
        said = {value.protocol.get("causal") for value in self.stated} - {None}
        return said == {"yes"} if len(said) == 1 else None
