"""What a package says of its networks, taken in through the entry point; litdb imports no such package by itself."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from collections.abc import Mapping
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

import litdb
from litdb.api import networks, open_catalogue
from litdb.api.networks import describe_network, network_of
from litdb.errors import LitdbError
from litdb.values.network import NetworkDescription, NetworkProperty
from tests.support.runs import write_run

ROOT = Path(litdb.__file__).parents[1]
#: As pyproject.toml has it, whatever is installed.
MODEL = EntryPoint("model", "model.described:describe_network", networks.GROUP)


@pytest.fixture
def contributed(monkeypatch: pytest.MonkeyPatch) -> list[EntryPoint]:
    """The packages that contribute, the model of this repository among them; a test may change the list."""
    entries = [MODEL]
    monkeypatch.setattr(
        "importlib.metadata.entry_points", lambda group: entries if group == networks.GROUP else []
    )
    return entries


def knows_nothing(_what: str | Mapping[str, object], *, stages: bool = False) -> NetworkDescription | None:
    return None


def breaks(_what: str | Mapping[str, object], *, stages: bool = False) -> NetworkDescription | None:
    raise RuntimeError("no weights\nsecond line")


def test_the_package_registers_what_the_tests_take() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["entry-points"][networks.GROUP] == {MODEL.name: MODEL.value}


def test_the_bottleneck_of_the_own_network_is_128(
    contributed: list[EntryPoint],
) -> None:
    with open_catalogue(ROOT / "sota.db") as catalogue:
        found = network_of(catalogue, "BSRNN-FAC-MRHA3")
        assert found is not None and found.name == "M4"
        stated = found.fact(NetworkProperty.BOTTLENECK_CHANNELS)
        assert stated is not None and stated.value == 128 and "128 channels" in stated.words
        variant = network_of(catalogue, "BSRNN-FAC-MRHA3:M2")
        assert (
            variant is not None and variant.name == "M2"
        )  # not that of the whole model, whose name it begins with
        assert network_of(catalogue, "MUSE") is None


def test_the_configuration_that_a_run_recorded_goes_before_a_name(
    contributed: list[EntryPoint], catalogue: litdb.Catalogue, tmp_path: Path
) -> None:
    network = {"kind": "unet", "gate": "none", "num_layer": 6, "branches": ["dot"]}
    added = catalogue.add_run(write_run(tmp_path / "wide", network=network), model="M4", new=True)
    assert added
    before = network_of(catalogue, "M4")
    assert before is not None and before.name == "M4"  # no run of it is declared yet
    catalogue.declare("wide", "last", reason="the last epoch")
    found = network_of(catalogue, "M4")
    assert found is not None and found.channels == (8, 16, 32, 64, 128, 256)
    assert found.source == "the run's recorded configuration"


@pytest.mark.parametrize(
    "unknown", ["no such network", "../M4", "/etc/passwd", "", {"kind": "transformer"}, {}]
)
def test_what_no_package_knows_is_none(
    contributed: list[EntryPoint], unknown: str | dict[str, object]
) -> None:
    assert describe_network(unknown) is None


def test_without_a_package_there_is_nothing_to_say(contributed: list[EntryPoint]) -> None:
    contributed.clear()
    assert describe_network("M4") is None


def test_a_package_that_does_not_know_leaves_it_to_the_next(contributed: list[EntryPoint]) -> None:
    contributed.insert(0, EntryPoint("other", f"{__name__}:knows_nothing", networks.GROUP))
    found = describe_network("both")
    assert found is not None and found.name == "M4"


@pytest.mark.parametrize(
    "value", [f"{__name__}:breaks", f"{__name__}:is_not_there", "no_such_package:describe"]
)
def test_a_package_that_breaks_is_an_error_in_one_line(contributed: list[EntryPoint], value: str) -> None:
    contributed[:] = [EntryPoint("broken", value, networks.GROUP)]
    with pytest.raises(LitdbError, match=r"networks?\b") as caught:
        describe_network("M4")
    assert "\n" not in str(caught.value)


def test_a_wrong_configuration_is_an_error(contributed: list[EntryPoint]) -> None:
    with pytest.raises(LitdbError, match="num_layer must be 5 or 6"):
        describe_network({"kind": "unet", "num_layer": 7})


def test_what_a_configuration_states_needs_no_torch() -> None:
    code = (
        "import sys; from model.described import describe_network as d; assert d('M4').channels[-1] == 128;"
        "assert d('bsrnn').facts; assert not {'torch', 'numpy'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)
