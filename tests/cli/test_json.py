"""JSON is written item by item, in the form that one call of json would give."""

from __future__ import annotations

import json

import pytest

from litdb.cli._shared import emit_json
from litdb.report.json_text import plain


@pytest.mark.parametrize(
    "value", [[], [1], [{"a": "x\ny", "b": [1, {"c": []}]}, "ü\n"], {"a": [1]}, ("a",), 3]
)
def test_a_list_printed_item_by_item_is_the_same_text(
    value: object, capsys: pytest.CaptureFixture[str]
) -> None:
    emit_json(value)
    assert capsys.readouterr().out == json.dumps(plain(value), ensure_ascii=False, indent=2) + "\n"
