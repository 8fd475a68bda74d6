import pytest
import torch
from torch import nn

from model.errors import DataError
from model.networks import build, variant
from model.stft import enhance, istft, stft


def test_there_and_back():
    wave = torch.randn(2, 5003, dtype=torch.float64)
    spec = stft(wave)
    assert spec.shape == (2, 257, 40)
    assert torch.allclose(istft(spec, 5003), wave, atol=1e-12)


def test_a_tone_lies_in_its_bin():
    time = torch.arange(16000) / 16000
    spec = stft(torch.sin(2 * torch.pi * 1000 * time)[None])
    assert spec[0, :, 60].abs().argmax() == 32  # 1000 Hz of 31.25 Hz bins


class ZeroFirstFrame(nn.Module):
    def forward(self, spec):
        return torch.cat([torch.zeros_like(spec[:, :, :1]), spec[:, :, 1:]], dim=2)


def test_enhance_pads_by_one_hop_and_cuts():
    wave = torch.randn(1, 4001)
    assert torch.allclose(enhance(nn.Identity(), wave), wave, atol=1e-5)
    padded = torch.cat([wave[:, 1:129].flip(1), wave, wave[:, -129:-1].flip(1)], dim=1)
    expected = istft(ZeroFirstFrame()(stft(padded)), padded.shape[1])[:, 128:-128]
    assert torch.allclose(enhance(ZeroFirstFrame(), wave), expected, atol=1e-5)


def test_enhance_works_on_batches_and_keeps_the_mode():
    network = build(variant("M1")).train()
    waves = torch.randn(2, 3000)
    out = enhance(network, waves)
    assert network.training
    assert out.shape == waves.shape
    assert torch.allclose(out[1:], enhance(network, waves[1:]), atol=1e-5)


def test_signals_too_short_are_refused():
    with pytest.raises(DataError, match="128"):
        enhance(nn.Identity(), torch.zeros(1, 128))
    with pytest.raises(DataError, match="256"):
        stft(torch.zeros(1, 256))
    assert enhance(nn.Identity(), torch.zeros(1, 129)).shape == (1, 129)
