"""Resampling a corpus once and keeping the result."""

from __future__ import annotations

import hashlib
import json
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from platformdirs import user_cache_path

from model.data import audio
from model.data.layouts import Pair


def cache_folder() -> Path:
    """Where resampled files are kept unless a folder is named: the user's cache directory."""
    return user_cache_path("litdb") / "resampled"


def at_rate(pairs: tuple[Pair, ...], rate: int, cache: Path | None = None) -> tuple[Pair, ...]:
    """The same pairs with files at `rate` Hz.

    Files that have the rate are used where they lie. Others are resampled once into `cache`, as 32-bit float wav;
    a copy is found again by the path, size and time of its source and by the resampler, and `resampler.json` beside
    the copies states both.
    """
    others = sorted(
        {path for pair in pairs for path in (pair.clean, pair.noisy) if audio.info(path).rate != rate}
    )
    if not others:
        return pairs
    folder = (cache or cache_folder()) / f"{rate}"
    folder.mkdir(parents=True, exist_ok=True)
    statement = folder / "resampler.json"
    partial = statement.with_name(f".resampler.{os.getpid()}.json")
    partial.write_text(
        json.dumps({"resampler": audio.RESAMPLER, "rate": rate, "subtype": "FLOAT"}, indent=2) + "\n"
    )
    os.replace(partial, statement)
    with ThreadPoolExecutor() as pool:
        copies = dict(zip(others, pool.map(lambda path: _copy(path, rate, folder), others), strict=True))
    return tuple(
        Pair(pair.id, copies.get(pair.clean, pair.clean), copies.get(pair.noisy, pair.noisy))
        for pair in pairs
    )


def _copy(path: Path, rate: int, folder: Path) -> Path:
    state = path.stat()
    identity = f"{path.resolve()}\0{state.st_size}\0{state.st_mtime_ns}\0{audio.RESAMPLER}"
    copy = folder / hashlib.sha256(identity.encode()).hexdigest()[:16] / f"{path.stem}.wav"
    if not copy.exists():
        audio.write(copy, audio.read_at(path, rate), rate)
    return copy
