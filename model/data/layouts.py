"""Where clean and noisy files lie: the layouts a data folder may have, and how files are paired.

- VoiceBank+DEMAND as downloaded: `clean_trainset_28spk_wav`, `noisy_trainset_28spk_wav` (or 56spk),
  `clean_testset_wav`, `noisy_testset_wav`;
- `train|test/{clean,noisy}`;
- DNS Challenge: `no_reverb|with_reverb/{clean,noisy}` (test sets) and `{clean,noisy}` (training), where a noisy name
  holds more than the clean one and both end in `fileid_N`;
- one pair of folders, `{clean,noisy}` or two folders named apart.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from model.data.audio import audio_files
from model.errors import DataError

_FILE_ID = re.compile(r"fileid_(\d+)$")


@dataclass(frozen=True)
class Pair:
    """One utterance: its id (stem of the noisy file), the clean and the noisy file."""

    id: str
    clean: Path
    noisy: Path

    @property
    def speaker(self) -> str:
        """What stands before the first underscore of the id, the speaker in VoiceBank names."""
        return self.id.split("_")[0]


@dataclass(frozen=True)
class Split:
    """A named part of a corpus: its pairs, and the files that have no partner."""

    name: str
    clean: Path
    noisy: Path
    pairs: tuple[Pair, ...]
    unpaired: tuple[Path, ...]


@dataclass(frozen=True)
class Corpus:
    """A data folder, what layout it has and its splits."""

    root: Path
    layout: str
    splits: tuple[Split, ...]

    def split(self, name: str) -> Split:
        """A split by name; the only one of a corpus without train and test serves for both."""
        for split in self.splits:
            if split.name == name:
                return split
        if len(self.splits) == 1:
            return self.splits[0]
        names = ", ".join(split.name for split in self.splits)
        raise DataError(f"{self.root} has no split named {name!r}; it has {names}")


def open_corpus(root: Path) -> Corpus:
    """Recognise the layout of a folder and pair its files. Raises DataError when it has none of the layouts."""
    if not root.is_dir():
        raise DataError(f"{root} is not a folder")
    for layout, folders in _candidates(root):
        found = [(name, clean, noisy) for name, clean, noisy in folders if clean.is_dir() and noisy.is_dir()]
        if found:
            splits = tuple(pair_folders(clean, noisy, name) for name, clean, noisy in found)
            by_id = any(_FILE_ID.search(pair.id) for pair in splits[0].pairs[:1])
            return Corpus(root, "dns" if by_id else layout, splits)
    raise DataError(
        f"{root} holds no known layout; expected clean/ and noisy/, train|test/{{clean,noisy}}, the folders of "
        "VoiceBank+DEMAND, or a DNS Challenge set"
    )


def _candidates(root: Path) -> list[tuple[str, list[tuple[str, Path, Path]]]]:
    voicebank = [
        (split, root / f"clean_{folder}_wav", root / f"noisy_{folder}_wav")
        for split, folder in (("train", "trainset_28spk"), ("train", "trainset_56spk"), ("test", "testset"))
    ]
    # both training sets may lie side by side: the one with 28 speakers is the usual one
    if voicebank[0][1].is_dir():
        voicebank.pop(1)
    nested = [(split, root / split / "clean", root / split / "noisy") for split in ("train", "test")]
    dns = [(split, root / split / "clean", root / split / "noisy") for split in ("no_reverb", "with_reverb")]
    return [
        ("voicebank", voicebank),
        ("train-test", nested),
        ("dns", dns),
        ("pair", [("all", root / "clean", root / "noisy")]),
    ]


def pair_folders(clean: Path, noisy: Path, name: str = "all") -> Split:
    """Pair the files of two folders by stem, or by `fileid_N` where both names end so."""
    for folder in (clean, noisy):
        if not folder.is_dir():
            raise DataError(f"{folder} is not a folder")
    by_key: dict[str, Path] = {}
    for path in audio_files(clean):
        if _key(path) in by_key:
            raise DataError(f"{path} and {by_key[_key(path)].name} are two clean files for one utterance")
        by_key[_key(path)] = path
    pairs, lonely, used = [], [], set()
    for path in audio_files(noisy):
        key = _key(path)
        if key in by_key:
            pairs.append(Pair(path.stem, by_key[key], path))
            used.add(key)
        else:
            lonely.append(path)
    lonely.extend(path for key, path in by_key.items() if key not in used)
    return Split(name, clean, noisy, tuple(pairs), tuple(sorted(lonely)))


def _key(path: Path) -> str:
    match = _FILE_ID.search(path.stem)
    return f"fileid_{int(match[1])}" if match else path.stem


def fingerprint(pairs: tuple[Pair, ...]) -> str:
    """sha256 over the ids and contents of all files, the same wherever the folder lies."""
    digest = hashlib.sha256()
    for pair in sorted(pairs, key=lambda pair: pair.id):
        digest.update(pair.id.encode() + b"\0")
        for path in (pair.clean, pair.noisy):
            with path.open("rb") as file:
                digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()
