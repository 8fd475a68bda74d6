"""Recipes, losses, labels and the repeatable gradient, one at a time."""

import numpy as np
import pesq
import pytest

torch = pytest.importorskip("torch")

from accelerate import Accelerator  # noqa: E402
from torch.nn.utils import parametrize  # noqa: E402

from model.errors import ModelUsageError  # noqa: E402
from model.networks import MetricDiscriminator, build, variant  # noqa: E402
from model.stft import stft  # noqa: E402
from model.training.determinism import make_repeatable  # noqa: E402
from model.training.gradients import item_by_item, set_gradient  # noqa: E402
from model.training.labels import label  # noqa: E402
from model.training.losses import compressed, estimate, parts, weighted  # noqa: E402
from model.training.recipe import RECIPES, Recipe, recipe  # noqa: E402
from model.training.selection import Best, Validation  # noqa: E402
from model.training.step import Batch, Stepper  # noqa: E402
from model.training.watching.progress import Progress, duration  # noqa: E402
from tests.model.signals import noise, speech  # noqa: E402


def test_the_adversarial_weight_rises_after_sixty_percent() -> None:
    improved = RECIPES["improved"]
    weights = {epoch: improved.adversarial_weight(epoch) for epoch in (0, 149, 150, 160, 170, 249)}
    assert weights == pytest.approx({0: 0, 149: 0, 150: 0, 160: 0.15, 170: 0.3, 249: 0.3})
    assert [improved.discriminates(epoch) for epoch in (149, 150)] == [False, True]


def test_the_earlier_recipe_has_full_weight_from_half() -> None:
    earlier = RECIPES["earlier"]
    assert [earlier.adversarial_weight(epoch) for epoch in (124, 125)] == [0, 1.0]
    assert (earlier.weight_complex, earlier.weight_magnitude, earlier.weight_wave) == (0.5, 0.5, 0.0)


def test_the_learning_rate_falls_every_ten_epochs() -> None:
    assert [Recipe().learning_rate(epoch) for epoch in (0, 9, 10, 25)] == pytest.approx(
        [1e-3, 1e-3, 9.8e-4, 9.604e-4]
    )


def test_every_value_can_be_overridden_and_nonsense_is_refused() -> None:
    changed = recipe("improved", ["rate=2e-4", "epochs=5", "validation=p1_*,p2_*"])
    assert (changed.rate, changed.epochs, changed.validation) == (2e-4, 5, ("p1_*", "p2_*"))
    assert Recipe.from_json(changed.to_json()) == changed
    for words, message in (
        (["speed=3"], "not NAME=VALUE of the recipe"),
        (["epochs"], "not NAME=VALUE"),
        (["epochs=1.5"], "epochs cannot be '1.5'"),
        (["epochs=0"], "epochs must be above 0"),
        (["weight_wave=-1"], "weight_wave must not be negative"),
        (["crop_seconds=0.1"], "at least 0.25"),
    ):
        with pytest.raises(ModelUsageError, match=message):
            recipe("improved", words)
    with pytest.raises(ModelUsageError, match="there is no recipe 'best'"):
        recipe("best")


def test_losses_are_the_formulas() -> None:
    random = torch.Generator().manual_seed(0)
    clean = torch.randn(2, 6400, generator=random) * 0.1
    spec = stft(clean + torch.randn(2, 6400, generator=random) * 0.05)
    outcome = estimate(clean, spec, 0.3)
    found = parts(outcome)
    one, other = stft(clean).numpy(), spec.numpy()
    for item in range(2):
        assert float(found["complex"][item]) == pytest.approx(
            np.abs(one[item] - other[item]).mean(), rel=1e-5
        )
        magnitudes = (np.abs(one[item]) + 1e-10) ** 0.3 - (np.abs(other[item]) + 1e-10) ** 0.3
        assert float(found["magnitude"][item]) == pytest.approx(np.abs(magnitudes).mean(), rel=1e-5)
        waves = np.abs(clean[item].numpy() - outcome.wave[item].numpy())
        assert float(found["wave"][item]) == pytest.approx(waves.mean(), rel=1e-5)
    total = 0.45 * found["complex"] + 0.45 * found["magnitude"] + 0.1 * found["wave"]
    torch.testing.assert_close(weighted(found, Recipe()), total)


def test_the_gradient_of_an_empty_spectrum_is_finite() -> None:
    spec = torch.zeros(1, 257, 5, dtype=torch.complex64, requires_grad=True)
    compressed(spec, 0.3).sum().backward()
    assert spec.grad is not None
    assert spec.grad.isfinite().all()


def test_a_label_is_scaled_pesq_or_nothing() -> None:
    clean = speech(1.0, seed=1).astype(np.float32)
    noisy = clean + noise(1.0, seed=1).astype(np.float32)
    assert label(clean, noisy) == pytest.approx((pesq.pesq(16000, clean, noisy, "wb") + 0.5) / 5, abs=1e-5)
    assert label(clean, np.zeros_like(clean)) is None
    assert label(clean[:3000], noisy[:3000]) is None
    assert label(clean, noisy * np.float32("nan")) is None


class _Given:
    """Labels that are known beforehand."""

    def __init__(self, values: list[float | None]) -> None:
        self.values = values
        self.asked = 0

    def submit(self, references: np.ndarray, degraded: np.ndarray) -> "_Given":
        self.asked = len(references)
        return self

    def result(self) -> list[float | None]:
        return self.values


@pytest.mark.parametrize("item_by_item", [True, False])
def test_a_pair_without_pesq_is_left_out_alone(item_by_item: bool) -> None:
    """The discriminator's loss with one label missing is the mean over the labels that are there."""
    settings = Recipe(discriminator_width=8, discriminator_dropout=0)
    torch.manual_seed(0)
    network, judge = build(variant("M1", dropout=0.0)), MetricDiscriminator(8)
    judge.dropout.p = 0
    stepper = Stepper(settings, network, judge, Accelerator(cpu=True))
    assert stepper._item_by_item
    stepper._item_by_item = item_by_item
    clean = torch.randn(3, 6400) * 0.1
    noisy = clean + torch.randn(3, 6400) * 0.05
    batch = Batch(clean, noisy, torch.tensor([1.0, 1.0, 0.0]), 2, ["a", "b"])
    state = {name: value.clone() for name, value in judge.state_dict().items()}
    with torch.no_grad():
        outcome = estimate(clean, network(stft(noisy)), 0.3)
        sound = compressed(stft(noisy), 0.3)
        references = torch.cat([outcome.clean_magnitude, outcome.clean_magnitude, outcome.magnitude])
        scores = judge(references, torch.cat([outcome.clean_magnitude, outcome.magnitude, sound])).view(3, 3)
    judge.load_state_dict(state)
    given = _Given([0.5, None, 0.7, 0.4])  # (clean, estimate) of a and b, then (estimate, noisy) of a and b
    losses = stepper.step(batch, 0.0, given)
    expected = ((scores[0, :2] - 1) ** 2).mean() + (scores[1, 0] - 0.5) ** 2
    expected = expected + ((scores[2, :2] - torch.tensor([0.7, 0.4])) ** 2).mean()
    assert given.asked == 4  # the item that fills up the share is not labelled
    assert losses.values["discriminator"] == pytest.approx(float(expected), rel=1e-5)
    assert (losses.labels, losses.labels_missing) == (4, 1)


def test_items_pass_by_themselves_only_without_dropout() -> None:
    judge = MetricDiscriminator(8)
    for name, dropout, expected in (
        ("M1", 0.0, True),
        ("M1", 0.1, False),
        ("M4", 0.1, False),
        ("bsrnn", None, True),
    ):
        network = build(variant(name) if dropout is None else variant(name, dropout=dropout))
        judge.dropout.p = 0.0
        assert item_by_item(network, judge) == expected
        judge.dropout.p = 0.3
        assert not item_by_item(network, judge)


def test_the_gradient_is_that_of_the_sum_however_it_is_cut() -> None:
    torch.manual_seed(0)
    judge = MetricDiscriminator(4)
    judge.dropout.p = 0.0
    spectra = torch.rand(3, 257, 32)
    with parametrize.cached():
        whole = judge(spectra, spectra.flip(0)).square().sum()
    set_gradient(judge, [whole], Accelerator(cpu=True), in_double=False)
    expected = [parameter.grad.clone() for parameter in judge.parameters()]
    judge.eval()  # the weights are normalised as before
    orders = []
    for order in ((0, 1, 2), (2, 0, 1)):
        with parametrize.cached():
            losses = [judge(spectra[i : i + 1], spectra[2 - i : 3 - i]).square().sum() for i in order]
        set_gradient(judge, losses, Accelerator(cpu=True), in_double=True)
        orders.append([parameter.grad.clone() for parameter in judge.parameters()])
    for one, other, whole_gradient in zip(*orders, expected, strict=True):
        assert torch.equal(one, other)
        torch.testing.assert_close(one, whole_gradient, rtol=1e-4, atol=1e-6)


def test_gradients_are_the_same_at_every_run() -> None:
    """oneDNN's are not: with two threads its strided convolutions add up in the order in which threads arrive."""
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    try:
        torch.manual_seed(0)
        network = build(variant("M4", dropout=0.0))
        make_repeatable(network)
        clean = torch.randn(4, 8000) * 0.1
        spec = stft(clean + torch.randn(4, 8000) * 0.05)
        seen = []
        for _ in range(6):
            network.zero_grad()
            weighted(parts(estimate(clean, network(spec), 0.3)), Recipe()).mean().backward()
            seen.append(
                [parameter.grad.clone() for parameter in network.parameters() if parameter.grad is not None]
            )
        assert torch.backends.mkldnn.enabled
        for other in seen[1:]:
            assert all(torch.equal(a, b) for a, b in zip(seen[0], other, strict=True))
    finally:
        torch.set_num_threads(before)


def test_only_a_better_validation_replaces_a_checkpoint() -> None:
    first = Validation(loss=0.2, pesq=2.0, stoi=0.9, files=2, pesq_files=2, stoi_files=2)
    assert Best().improved(first) == ["best-loss", "best-pesq", "best-stoi", "best-composite"]
    blind = Validation(loss=0.1, pesq=None, stoi=0.8, files=2, pesq_files=0, stoi_files=2)
    assert blind.composite is None
    assert Best().improved(blind) == ["best-loss", "best-stoi"]


def test_time_left_knows_that_the_second_phase_is_slower() -> None:
    progress = Progress(Recipe(epochs=10, adversarial_start=0.5))
    progress._epoch_seconds = {False: 10.0, True: 20.0}
    assert progress.left(3) == 10 + 5 * 20
    assert [duration(seconds) for seconds in (42.4, 185, 7800)] == ["42 s", "3 min 5 s", "2 h 10 min"]
