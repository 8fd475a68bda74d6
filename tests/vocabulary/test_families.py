"""The families of approaches, and what people may call one."""

from __future__ import annotations

import pytest

from litdb.errors import UsageError
from litdb.vocabulary.components import components
from litdb.vocabulary.families import approaches, family_id


def test_families_are_known_once_and_name_components_that_there_are() -> None:
    ids = [family.id for family in approaches()]
    assert len(ids) == len(set(ids)) and {"u-net", "transformer", "diffusion"} <= set(ids)
    for family in approaches():
        assert family.words and not family.components & family.parts
        for one in family.components | family.parts:
            assert components().of_id(one) is not None, (family.id, one)


def test_a_family_is_named_as_it_is_called() -> None:
    assert family_id("U-Net") == "u-net" and family_id("dual-path") == "dual-path"
    assert family_id("Graph Transform", new=True) == "graph-transform"
    with pytest.raises(UsageError, match="did you mean conformer"):
        family_id("comformer")
    with pytest.raises(UsageError, match="--new"):
        family_id("graph-transform")
    for wrong in ("", "ä", "x" * 41, "a/b", "\x1b[31m"):
        with pytest.raises(UsageError, match="cannot name a family"):
            family_id(wrong, new=True)
