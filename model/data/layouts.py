"""Where clean and noisy files lie: what a data folder is taken for, its parts, and how their files are paired.

Which folders are understood is in `model.data.recognise`. A part has a role, which its folder's name says: `train`, `test`, or
`unknown` for a pair of folders alone. A part is never given out for another than the one that was asked for.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from model.data.audio import audio_files
from model.errors import DataError, ModelUsageError

#: What the files of a part are for; `unknown` where no folder's name says it.
Role = Literal["train", "test", "unknown"]

#: Endings of a file's name that several names of one utterance share: DNS Challenge and MS-SNSD.
_SHARED_ENDING = re.compile(r"(fileid_|clnsp)(\d+)$")


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
    """A named part of a corpus: its pairs, and the files that have no partner.

    `speakers` is 28 or 56 for a training set of VoiceBank+DEMAND; `title` is the name that tables have for a known test set.
    """

    name: str
    clean: Path
    noisy: Path
    pairs: tuple[Pair, ...]
    unpaired: tuple[Path, ...]
    role: Role = "unknown"
    speakers: int | None = None
    title: str = ""

    def __str__(self) -> str:
        return f"{self.name} ({self.clean.name} and {self.noisy.name}, {len(self.pairs)} pairs)"


@dataclass(frozen=True)
class Left:
    """Something in a data folder that was not taken, and why."""

    path: Path
    reason: str


@dataclass(frozen=True)
class Corpus:
    """A data folder, what layout it has, its parts, and what of it was left."""

    root: Path
    layout: str
    splits: tuple[Split, ...]
    left: tuple[Left, ...] = ()

    def split(self, name: str) -> Split:
        """The part of this name, and no other. Raises DataError naming those that are there."""
        for split in self.splits:
            if split.name == name:
                return split
        raise DataError(f"{self.root} has no split named {name!r}; it has {_listed(self.splits)}")

    def training(self, name: str = "", speakers: int = 0) -> Split:
        """The part to train on: the one named, else the only one that is a training set.

        `speakers` (28 or 56) chooses between two training sets of VoiceBank+DEMAND. Raises DataError when there is no training set
        or more than one.
        """
        if name and speakers:
            raise ModelUsageError(f"--split {name} names the part already; leave out --speakers")
        if name:
            return self.split(name)
        found = [split for split in self.splits if split.role == "train"]
        if speakers:
            found = [split for split in found if split.speakers == speakers]
            if not found:
                raise DataError(
                    f"{self.root} holds no training set of {speakers} speakers; it holds {_listed(self.splits)}"
                )
        if len(found) > 1:
            raise DataError(
                f"{self.root} holds {len(found)} training sets, {_listed(found)}; choose one with --speakers 28 or 56"
            )
        return found[0] if found else self._missing("training", "train on")

    def testing(self, name: str = "") -> Split:
        """The part to test on: the one named, else the only test set. Raises DataError when there is none, or several."""
        if name:
            return self.split(name)
        found = [split for split in self.splits if split.role == "test"]
        if len(found) > 1:
            words = " or ".join(f"--split {split.name}" for split in found)
            raise DataError(
                f"{self.root} holds {len(found)} test sets, {_listed(found)}; choose one with {words}"
            )
        return found[0] if found else self._missing("test", "test on")

    def _missing(self, wanted: str, verb: str) -> Split:
        other = self.splits[0]
        if other.role == "unknown":
            raise DataError(
                f"{self.root} is a pair of folders, which do not say whether they are for training or for testing; "
                f"--split {other.name} takes them to {verb}, and that is recorded"
            )
        raise DataError(
            f"{self.root} holds no {wanted} files, only {_listed(self.splits)}; if you mean to {verb} those, say "
            f"--split {other.name}, and that is recorded"
        )


def _listed(splits: Sequence[Split]) -> str:
    return ", ".join(map(str, splits))


def pair_folders(
    clean: Path,
    noisy: Path,
    name: str = "all",
    role: Role = "unknown",
    only: Sequence[str] | None = None,
    **known: str | int | None,
) -> Split:
    """Pair the files of two folders by stem, or by `fileid_N` or `clnspN` where names end so (several noisy files may then
    share a clean one).

    `only` are the stems that belong to the part; those that are not there are among the unpaired. Raises DataError when two
    clean files are for one utterance.
    """
    for folder in (clean, noisy):
        if not folder.is_dir():
            raise DataError(f"{folder} is not a folder")
    wanted = None if only is None else set(only)
    by_key: dict[str, Path] = {}
    for path in audio_files(clean):
        if wanted is not None and path.stem not in wanted:
            continue
        if _key(path) in by_key:
            raise DataError(f"{path} and {by_key[_key(path)].name} are two clean files for one utterance")
        by_key[_key(path)] = path
    pairs, lonely, used, seen = [], [], set(), set()
    for path in audio_files(noisy):
        if wanted is not None and path.stem not in wanted:
            continue
        key = _key(path)
        seen.add(path.stem)
        if key in by_key:
            pairs.append(Pair(path.stem, by_key[key], path))
            used.add(key)
        else:
            lonely.append(path)
    lonely.extend(path for key, path in by_key.items() if key not in used)
    if wanted is not None:
        there = seen | {path.stem for path in by_key.values()}
        lonely.extend(noisy / f"{stem}.wav" for stem in sorted(wanted - there))
    speakers, title = known.get("speakers"), known.get("title")
    return Split(
        name, clean, noisy, tuple(pairs), tuple(sorted(lonely)), role,
        speakers if isinstance(speakers, int) else None, str(title or ""),
    )  # fmt: skip


def _key(path: Path) -> str:
    match = _SHARED_ENDING.search(path.stem)
    return f"{match[1]}{int(match[2])}" if match else path.stem


def file_hashes(pairs: Sequence[Pair]) -> dict[str, tuple[str, str]]:
    """sha256 of the clean and of the noisy file, by id."""
    files = [path for pair in pairs for path in (pair.clean, pair.noisy)]
    with ThreadPoolExecutor() as pool:
        found = dict(zip(files, pool.map(_hash, files), strict=True))
    return {pair.id: (found[pair.clean], found[pair.noisy]) for pair in pairs}


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def fingerprint(pairs: Sequence[Pair]) -> str:
    """sha256 over the ids and contents of all files, the same wherever the folder lies."""
    return fingerprint_of(file_hashes(pairs))


def fingerprint_of(hashes: dict[str, tuple[str, str]]) -> str:
    """The fingerprint of files whose hashes are known."""
    digest = hashlib.sha256()
    for name in sorted(hashes):
        digest.update(name.encode() + b"\0")
        for value in hashes[name]:
            digest.update(bytes.fromhex(value))
    return digest.hexdigest()
