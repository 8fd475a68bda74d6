"""Signals with the rhythm of speech, for tests that need PESQ and STOI to have something to hear."""

from pathlib import Path

import numpy as np
import soundfile

RATE = 16000


def speech(seconds: float = 1.5, seed: int = 0) -> np.ndarray:
    """Voiced syllables with pauses: a gliding pitch with falling harmonics, in [-1, 1], float64 [samples]."""
    random = np.random.default_rng(seed)
    time = np.arange(int(seconds * RATE)) / RATE
    pitch = 110 + 60 * random.random() + 20 * np.sin(2 * np.pi * 1.3 * time + seed)
    phase = 2 * np.pi * np.cumsum(pitch) / RATE
    voice = sum(np.sin(k * phase + random.random()) / k for k in range(1, 30))
    syllables = np.clip(np.sin(2 * np.pi * 3.1 * time + seed), 0, 1) ** 0.5
    breath = 0.02 * random.standard_normal(len(time))
    signal = syllables * (voice / 6 + breath) + 0.001 * random.standard_normal(len(time))  # a quiet room
    return 0.5 * signal / np.max(np.abs(signal))


def noise(seconds: float = 1.5, seed: int = 0, level: float = 0.05) -> np.ndarray:
    """White noise, float64 [samples]."""
    return level * np.random.default_rng([seed, 7]).standard_normal(int(seconds * RATE))


def corpus(root: Path, train: int = 6, test: int = 2, seconds: float = 1.2, rate: int = RATE) -> Path:
    """`train|test/{clean,noisy}` with speakers p1.. (two utterances each) and p9 in the test part."""
    names = [f"p{1 + number // 2}_{number:03}" for number in range(train)]
    for split, ids in (("train", names), ("test", [f"p9_{number:03}" for number in range(test)])):
        for place, name in enumerate(ids):
            clean = speech(seconds + 0.1 * place, seed=place + (50 if split == "test" else 0))
            noisy = clean + noise(len(clean) / RATE + 1, seed=place)[: len(clean)]
            for kind, signal in (("clean", clean), ("noisy", noisy)):
                folder = root / split / kind
                folder.mkdir(parents=True, exist_ok=True)
                soundfile.write(folder / f"{name}.wav", signal, rate, subtype="PCM_16")
    return root


def put(path: Path, signal: np.ndarray, rate: int = RATE) -> Path:
    """Write a file of 16-bit samples."""
    path.parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(path, signal, rate, subtype="PCM_16")
    return path


def write_identity(path: Path) -> None:
    """An ONNX network whose output is its input."""
    import onnx
    from onnx import TensorProto, helper

    shape = [1, 257, "T", 2]
    values = [
        helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name in ("spectrum", "enhanced")
    ]
    node = helper.make_node("Identity", ["spectrum"], ["enhanced"])
    graph = helper.make_graph([node], "identity", values[:1], values[1:])
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=10), path)
