"""The types of decisions and the one parser of what they store."""

from __future__ import annotations

import dataclasses
import json
from contextlib import suppress
from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from litdb.catalogue.decision import KINDS, Decided, from_json
from litdb.errors import CatalogueError
from litdb.evidence.screening import STATES, Candidate
from litdb.evidence.tracing.noted import NOTED
from litdb.evidence.tracing.watched import WATCHED, WatchItem
from litdb.evidence.tries import OUTCOMES

TYPES = {decided.kind: decided for decided in Decided.__subclasses__()}
_VALUES: dict[str, st.SearchStrategy[Any]] = {
    "str": st.text(),
    "float": st.floats(allow_nan=False, allow_infinity=False),
    "bool": st.booleans(),
    "int": st.integers(0, 2**31 - 1),
    "tuple[str, ...]": st.lists(st.text()).map(tuple),
    "dt.date": st.dates(),
}
#: Fields that hold not just any text.
_WORDS: dict[str, st.SearchStrategy[Any]] = {
    "outcome": st.sampled_from(OUTCOMES),
    "state": st.sampled_from(STATES),
    "about": st.sampled_from(NOTED),
    "what": st.sampled_from(WATCHED),
    "news": st.lists(st.builds(WatchItem, st.text(), st.text(), st.text()).map(WatchItem.to_json)).map(tuple),
    "found": st.lists(st.builds(Candidate, st.text(), st.text()).map(Candidate.to_json)).map(tuple),
}


def _field(spec: dataclasses.Field[Any]) -> st.SearchStrategy[Any]:
    value = _WORDS[spec.name] if spec.name in _WORDS else _VALUES[str(spec.type).removesuffix(" | None")]
    if spec.default is not dataclasses.MISSING:
        return st.just(spec.default) | value  # an optional field that says nothing is left out, never null
    return st.none() | value if str(spec.type).endswith(" | None") else value


def _consistent(kind: type[Decided], drawn: dict[str, Any]) -> st.SearchStrategy[Decided]:
    try:
        return st.just(kind(**drawn))
    except ValueError:  # fields that a kind wants together
        return st.nothing()


DECIDED = {
    kind: st.fixed_dictionaries({spec.name: _field(spec) for spec in dataclasses.fields(decided)}).flatmap(
        partial(_consistent, decided)
    )
    for kind, decided in TYPES.items()
}


def test_every_type_has_its_kind() -> None:
    assert set(TYPES) == set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
@given(data=st.data())
def test_what_is_written_is_read_back(kind: str, data: st.DataObject) -> None:
    decided = data.draw(DECIDED[kind])
    assert from_json(kind, decided.to_json()) == decided


@given(data=st.data(), kind=st.sampled_from(KINDS))
def test_a_detail_with_a_field_more_or_of_another_type_is_refused(data: st.DataObject, kind: str) -> None:
    detail = json.loads(data.draw(DECIDED[kind]).to_json())
    name = data.draw(st.sampled_from([*detail, "added"]))
    detail[name] = data.draw(st.sampled_from([{}, {"a": 1}, [1], [[]]]))  # what no field of any kind holds
    with pytest.raises(CatalogueError, match=f"kind {kind} cannot be used"):
        from_json(kind, json.dumps(detail))


@given(text=st.text() | st.binary().map(lambda raw: raw.decode("latin-1")), kind=st.sampled_from(KINDS))
def test_garbage_is_one_clear_error(text: str, kind: str) -> None:
    with suppress(CatalogueError):  # and no other
        assert isinstance(from_json(kind, text), TYPES[kind])


@pytest.mark.parametrize("text", ["", "null", "[]", "1", '{"value": NaN}', "[" * 100_000, '{"a"', "\x00"])
@pytest.mark.parametrize("kind", KINDS)
def test_what_is_no_object_is_refused(kind: str, text: str) -> None:
    with pytest.raises(CatalogueError):
        from_json(kind, text)


def test_an_unknown_kind_names_itself() -> None:
    with pytest.raises(CatalogueError, match="'adopt' is no kind of decision"):
        from_json("adopt", "{}")
