"""Knock-outs name what was broken by hand, grow with what is taken away, and say no more than their files allow."""

import copy
import json
import math
from pathlib import Path

import numpy as np
import pytest
import torch

from model.checkpoint import save_checkpoint
from model.cli._shared import plain
from model.data import Pair, open_corpus
from model.data.audio import read_at
from model.errors import ModelUsageError
from model.evaluation.pool import processed
from model.inspection import report
from model.inspection.effects import FLOOR_DB, choose, confirm, knock_outs
from model.inspection.knockout import cuts_of, means_of, without
from model.inspection.parts import How, part_of, parts_of
from model.inspection.verdicts import Thresholds, Verdict, sample, verdict
from model.networks import BSRNNConfig, UNet, build, variant
from tests.model.inspection.sabotage import TWELVE, Sabotage


@pytest.fixture(scope="module")
def whole(checkpoint, pairs):
    """The effects of the parts that are broken below, before they are."""
    return knock_outs(checkpoint, pairs, select=sorted({sabotage.part for sabotage in TWELVE}))


@pytest.mark.parametrize("sabotage", TWELVE, ids=lambda sabotage: sabotage.name)
def test_a_broken_part_is_named(
    sabotage: Sabotage, network: UNet, whole, pairs: list[Pair], tmp_path: Path
) -> None:
    broken = copy.deepcopy(network)
    with torch.no_grad():
        sabotage.act(broken)
    save_checkpoint(tmp_path / "broken.pt", broken)
    found = knock_outs(tmp_path / "broken.pt", pairs, select=[sabotage.part])
    said = report.findings(found)
    assert any(sentence.startswith(f"{sabotage.part}: ") for sentence in said), said
    assert not any(sentence.startswith(f"{sabotage.part}: ") for sentence in report.findings(whole))
    named = [effect for effect in found.effects if effect.inert and effect.part == sabotage.part]
    assert named
    for effect in named:
        assert effect.output_db.mean < whole.of(effect.part, effect.how).output_db.mean - 10
    # and nothing else that was whole before, but for what lies inside the broken part
    fallen = {effect.part for effect in found.effects if effect.inert} - {
        e.part for e in whole.effects if e.inert
    }
    assert all(part == sabotage.part or part.startswith(f"{sabotage.part}.") for part in fallen)


def test_nothing_is_named_twice_for_one_fault(network: UNet, pairs: list[Pair], tmp_path: Path) -> None:
    broken = copy.deepcopy(network)
    with torch.no_grad():
        broken.bottleneck.column_weight.zero_()
    save_checkpoint(tmp_path / "broken.pt", broken)
    found = knock_outs(tmp_path / "broken.pt", pairs[:3], select=["column.cos", "column"])
    assert [sentence.split(":")[0] for sentence in report.findings(found)] == ["column"]
    assert "does nothing where it stands" in report.findings(found)[0]
    assert found.of("column").output_db.mean == FLOOR_DB
    assert found.of("column").pesq.mean == 0


@pytest.mark.parametrize(
    "name", ["fac.1", "fac.2.gate", "fac.3.code.mid", "row", "column.dot", "column.cos.attention", "skip.2"]
)
def test_the_effect_grows_as_a_part_is_scaled_down(name: str, network: UNet, pairs: list[Pair]) -> None:
    signal = read_at(pairs[0].noisy, 16000)
    part = part_of(network, name)
    means = means_of(network, [part], [signal])
    before = processed(network, signal)
    for cut in cuts_of([part]):
        changes = []
        for scale in (1, 0.3, 0.1, 0.01, 0):
            with without(network, cut, means, keep=scale):
                changes.append(float(np.sqrt(np.mean((processed(network, signal) - before) ** 2))))
        assert changes[0] <= 1e-5 * np.max(np.abs(before))
        assert changes[1:] == sorted(changes[1:])
        assert changes[-1] > 1e-4 * np.max(np.abs(before))
    assert np.array_equal(processed(network, signal), before)  # nothing of a knock-out is left


def test_weights_scaled_down_by_hand_have_a_falling_effect(
    network: UNet, pairs: list[Pair], tmp_path: Path
) -> None:
    effects = []
    for scale in (1, 0.3, 0.1, 0.01, 0):
        scaled = copy.deepcopy(network)
        with torch.no_grad():
            scaled.encoder[0].gate.code.mid.mul_(scale)
        save_checkpoint(tmp_path / "scaled.pt", scaled)
        effects.append(
            knock_outs(tmp_path / "scaled.pt", pairs[:3], select=["fac.1.code.mid"]).effects[0].output_db.mean
        )
    assert effects == sorted(effects, reverse=True)
    assert effects[0] > -30
    assert effects[-1] == FLOOR_DB


@pytest.mark.parametrize(
    "name", ["M1", "axial-dot", "M4-multiplicative", "M4-direct", "M4-six-layers", "bsrnn"]
)
def test_every_part_of_every_network_can_be_reached(name: str, pairs: list[Pair]) -> None:
    torch.manual_seed(1)
    config = BSRNNConfig(num_channel=4, num_layer=2, bands=(57, 200)) if name == "bsrnn" else variant(name)
    network = build(config).eval()
    signal = read_at(pairs[0].noisy, 16000)
    parts = parts_of(network)
    assert len({part.name for part in parts}) == len(parts)
    before = processed(network, signal)
    means = means_of(network, parts, [signal])
    for cut in cuts_of(parts):
        with without(network, cut, means):
            other = processed(network, signal)
        assert np.all(np.isfinite(other)), cut.part.name
        if cut.part.name in ("fac.1", "bottleneck.attention", "row", "skip.1", "time.2", "fac.2.mask.mid"):
            assert not np.array_equal(other, before), cut.part.name
    assert np.array_equal(processed(network, signal), before)


def test_parts_are_called_by_name(network: UNet) -> None:
    assert part_of(network, "row.cross.attention").words == (
        "the attention of the cross branch of the row path (attention along frequency)"
    )
    with pytest.raises(ModelUsageError, match=r"no part 'fac\.9'; it has fac\."):
        part_of(network, "fac.9")
    with pytest.raises(ModelUsageError, match="cannot be removed; it can be constant"):
        part_of(network, "row.gate").fill(How.REMOVED)


def test_a_site_that_is_never_passed_is_no_unused_part(network: UNet) -> None:
    cut = cuts_of([part_of(network, "row")])[0]
    with pytest.raises(RuntimeError, match="never passed row"), without(network, cut):
        pass


def of(*values: float):
    return sample(values)


def test_verdicts_need_intervals() -> None:
    small, none = of(*[-50.0] * 5), of(*[0.0] * 5)
    limits = Thresholds()

    def judged(change, pesq):
        return verdict(change, [(pesq, limits.pesq), (none, limits.stoi)], limits.change_db)

    assert judged(small, none) is Verdict.NOT_USED
    assert judged(small, of(-0.1, -0.11, -0.12, -0.1, -0.1)) is Verdict.USED
    assert (
        judged(small, of(0.1, 0.11, 0.12, 0.1, 0.1)) is Verdict.USED
    )  # worse with the part than without it: an effect
    assert judged(small, of(0.1, -0.1, 0.1, -0.1, 0.0)) is Verdict.NOT_DECIDABLE
    # most files hardly change, one does: PESQ is like that
    assert judged(small, of(*[0.001] * 30, 0.012)) is Verdict.NOT_DECIDABLE
    assert judged(small, of(*[0.001] * 30, 0.009)) is Verdict.NOT_USED
    # the mean is well under the threshold, one more file need not be
    assert judged(small, of(0.012, -0.012, 0.012, -0.012, 0.0)) is Verdict.NOT_DECIDABLE
    assert judged(of(-20.0, -21.0, -20.5), none) is Verdict.USED
    assert judged(of(-20.0, -60.0, -40.0), none) is Verdict.NOT_DECIDABLE
    assert judged(of(-50.0), of(0.0)) is Verdict.NOT_DECIDABLE  # one file has no interval
    assert judged(small, None) is Verdict.NOT_USED  # no file has a PESQ: the other measures decide
    assert judged(small, of(0.5)) is Verdict.NOT_USED  # nor does a PESQ of one file say anything
    assert judged(None, None) is Verdict.NOT_DECIDABLE


def test_intervals_are_students() -> None:
    found = of(1.0, 2.0, 4.0)
    t, s = 4.302652729696142, math.sqrt(7 / 3)
    assert found.low == pytest.approx(7 / 3 - t * s / math.sqrt(3))
    assert found.next_high == pytest.approx(7 / 3 + t * s * math.sqrt(4 / 3))
    assert sample([None, None]) is None
    assert sample([None, 2.0]).files == 1


def test_what_is_called_unused_is_confirmed_on_other_files(
    network: UNet, short: Path, tmp_path: Path
) -> None:
    broken = copy.deepcopy(network)
    with torch.no_grad():
        broken.bottleneck.row_weight.zero_()
    save_checkpoint(tmp_path / "broken.pt", broken)
    (split,) = open_corpus(short).splits
    found = knock_outs(tmp_path / "broken.pt", split.pairs[:3], select=["row", "fac.1.gate"])
    assert {effect.part.partition(".")[0] for effect in found.named(Verdict.NOT_USED)} >= {"row"}
    checked = confirm(found, split.pairs[3:6])
    assert {entry.part for entry in checked if entry.part.startswith("row")}
    assert all(entry.holds for entry in checked if entry.part.startswith("row"))
    assert (
        "change the mean PESQ of the other files by less than 0.02"
        in report.confirmations(checked, found.thresholds)[-1]
    )
    with pytest.raises(ModelUsageError, match="confirm on other files"):
        confirm(found, split.pairs[2:5])


def test_two_workers_give_what_one_gives(checkpoint: Path, pairs: list[Pair]) -> None:
    one, two = (knock_outs(checkpoint, pairs[:3], select=["row.gate"], workers=workers) for workers in (1, 2))
    json.dumps(plain(one), allow_nan=False)
    assert [effect.part for effect in one.effects] == [effect.part for effect in two.effects]
    assert one.effects[0].output_db.mean == pytest.approx(two.effects[0].output_db.mean, abs=1e-3)


def test_too_few_files_and_bad_files(checkpoint: Path, pairs: list[Pair], tmp_path: Path) -> None:
    with pytest.raises(ModelUsageError, match="at least 3 files"):
        knock_outs(checkpoint, pairs[:2])
    with pytest.raises(ModelUsageError, match="5 files are needed, and there are 4"):
        choose(pairs, 5)
    shorter = tmp_path / "short.wav"
    import soundfile

    soundfile.write(shorter, soundfile.read(pairs[3].clean)[0][:4000], 16000)
    odd = Pair("odd", shorter, pairs[3].noisy)
    found = knock_outs(checkpoint, [*pairs[:3], odd], select=["row.gate"])
    assert list(found.failed) == ["odd"]
    assert len(found.files) == 3
    assert any("not measured: odd" in line for line in report.explanation(found))
