"""Which noise lies in a noisy file, as far as a corpus says.

Read are `manifest.tsv` of `litdb model mix` and the logs that come with VoiceBank+DEMAND (`log_testset.txt`,
`log_trainset_28spk.txt`, ...: one line an utterance with its id, the noise and the SNR), beside the audio or in `logfiles/`.
"""

from __future__ import annotations

import csv
from pathlib import Path


def noise_types(root: Path) -> dict[str, str]:
    """Id of an utterance -> its noise; empty where the corpus does not say."""
    found: dict[str, str] = {}
    for folder in (root, root / "logfiles"):
        for log in sorted(folder.glob("log_*.txt")):
            found |= _log(log)
    for manifest in sorted({root / "manifest.tsv", *root.glob("*/manifest.tsv")}):
        if manifest.is_file():
            found |= _manifest(manifest)
    return found


def _log(path: Path) -> dict[str, str]:
    lines = (line.split() for line in path.read_text(errors="replace").splitlines())
    return {words[0]: words[1] for words in lines if len(words) == 3 and _is_number(words[2])}


def _manifest(path: Path) -> dict[str, str]:
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    return {row["id"]: Path(row["noise"]).stem for row in rows if row.get("id") and row.get("noise")}


def _is_number(word: str) -> bool:
    try:
        float(word)
    except ValueError:
        return False
    return True
