"""File names that every file system and address can have, the same at every build."""

from __future__ import annotations

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from litdb.site.links import Links, file_names


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("IMSE", "imse"),
        ("Spiking-S4", "spiking-s4"),
        ("MetricGAN+", "metricgan-plus"),
        ("D²Former", "d2former"),
        ("../../etc/passwd", "etc-passwd"),
        ("a b/c?d#e%f", "a-b-c-d-e-f"),
    ],
)
def test_a_name_is_readable(key: str, name: str) -> None:
    assert file_names([key]) == {key: name}


@pytest.mark.parametrize("key", ["CON", "nul", "α", "模型", "...", "x" * 200])
def test_a_name_that_cannot_be_ends_in_a_digest(key: str) -> None:
    assert re.fullmatch(r"([a-z0-9_.-]{1,80}-)?[0-9a-f]{8}", file_names([key])[key])


def test_keys_that_differ_in_case_have_two_names_in_any_order() -> None:
    names = file_names(["imse", "IMSE", "ImSe"])
    assert names["IMSE"] == "imse"
    assert len({name.lower() for name in names.values()}) == 3
    assert names == file_names(["ImSe", "IMSE", "imse"])


@given(st.lists(st.text(min_size=1), unique=True))
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_any_keys_have_names_of_their_own(keys: list[str]) -> None:
    names = file_names(keys)
    assert names.keys() == set(keys)
    assert len(set(names.values())) == len(keys)
    assert all(
        re.fullmatch(r"[a-z0-9_][a-z0-9_.-]{0,90}", name) and not name.endswith(".")
        for name in names.values()
    )


def test_what_has_no_page_has_no_address() -> None:
    links = Links({"A": "a"}, {"P": "p"}, {"r": "r"}, {"vbd": "vbd"})
    assert [links.model("A"), links.paper("P"), links.run("r"), links.board("vbd")] == [
        "m/a.html", "p/p.html", "r/r.html", "t/vbd.html",
    ]  # fmt: skip
    assert links.model("B") == links.paper("") == ""
