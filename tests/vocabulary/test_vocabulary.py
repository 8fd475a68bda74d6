"""Names of metrics and test sets, and a user's own additions."""

from __future__ import annotations

from pathlib import Path

import pytest

from litdb.errors import InputError, UsageError
from litdb.vocabulary import vocabulary


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("WB-PESQ", "PESQ"),
        ("PESQ (NB)", "PESQ-NB"),
        ("PESQ-NB", "PESQ-NB"),
        ("SegSNR", "SSNR"),
        ("#Params", "params"),
        ("SI-SNR", "SI-SDR"),
        ("DNSMOS P.808", "DNSMOS-P808"),
        ("dnsmos ovrl", "DNSMOS-OVRL"),
        ("PESQ (median)", "PESQ (median)"),
        ("csig@unit", "CSIG@unit"),
        ("STOI [SNR -5 dB]", "STOI [SNR -5 dB]"),
    ],
)
def test_usual_spellings_become_the_canonical_one(text: str, name: str) -> None:
    assert str(vocabulary().metric_name(text)) == name


def test_an_unknown_metric_names_near_matches() -> None:
    with pytest.raises(UsageError, match="did you mean PESQ"):
        vocabulary().metric_name("PESK")


@pytest.mark.parametrize(
    ("text", "ident"),
    [
        ("VoiceBank+DEMAND", "vbd"),
        ("Voice Bank + DEMAND", "vbd"),
        ("vctk-demand", "vbd"),
        ("DNS-2020 no_reverb", "dns2020-noreverb"),
        ("dns2020-reverb", "dns2020-reverb"),
        ("WHAM!", "wham"),
        ("WSJ0-2mix", "wsj0-2mix"),
    ],
)
def test_datasets_by_any_name(text: str, ident: str) -> None:
    found = vocabulary().dataset(text)
    assert found is not None
    assert found.id == ident


def test_no_alias_belongs_to_two_entries() -> None:
    words = vocabulary()
    for metric in words.metrics:
        for alias in (metric.id, *metric.aliases, *metric.wide, *metric.narrow):
            assert words.metric(alias) is metric, alias
    for dataset in words.datasets:
        for alias in (dataset.id, dataset.title, *dataset.aliases):
            assert words.dataset(alias) is dataset, alias


def test_test_sets_named_in_running_text_longest_name_first() -> None:
    text = "trained on DNS-2020; scores on DNS-2020 (no reverb) and the Voice Bank + DEMAND set"
    found = [(text[at:].split()[0], dataset.id) for at, dataset in vocabulary().datasets_in(text)]
    assert found == [
        ("DNS-2020;", "dns2020"),
        ("DNS-2020", "dns2020-noreverb"),
        ("Voice", "vbd"),
    ]


def test_a_users_file_adds_entries_and_aliases(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text(
        '[[metric]]\nid = "PESQ"\naliases = ["P.862"]\n[[dataset]]\nid = "office"\ntitle = "Office noises"\n',
        encoding="utf-8",
    )
    words = vocabulary(path)
    assert str(words.metric_name("P.862")) == "PESQ"
    office = words.dataset("Office Noises")
    assert office is not None
    assert office.id == "office"
    assert vocabulary().dataset("office") is None


def test_a_malformed_users_file_is_one_clear_error(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text("[[metric]\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"own\.toml"):
        vocabulary(path)
    with pytest.raises(InputError, match="cannot be read"):
        vocabulary(tmp_path / "none.toml")


def test_a_test_set_by_any_of_its_names_or_one_message() -> None:
    words = vocabulary()
    assert words.test_set("VoiceBank+DEMAND").id == words.test_set("vbd").id == "vbd"
    known = ", ".join(dataset.id for dataset in words.datasets)
    with pytest.raises(UsageError) as refused:
        words.test_set("nowhere")
    assert str(refused.value) == f"unknown test set 'nowhere': use one of {known}"
