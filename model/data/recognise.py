"""What a data folder is taken for. The first layout that fits is the one; everything else in the folder is left, with the reason.

- `voicebank`: VoiceBank+DEMAND as DataShare's records 1942 (`clean_trainset_wav`) and 2791 (`clean_trainset_28spk_wav`,
  `..._56spk_wav`) name its folders, and the same with `_16k` behind;
- `lists`: `wavs_clean` and `wavs_noisy` with `training.txt` and `test.txt`, as for MP-SENet and MUSE;
- `train-test`: `train|test/{clean,noisy}`;
- `dns`: a DNS Challenge set, from the root of its repository, `datasets`, `test_set` or `synthetic` downwards: two test sets,
  `no_reverb` and `with_reverb`, and what the synthesizer wrote into `training/{clean,noisy}`;
- `ms-snsd`: `CleanSpeech_training` and `NoisySpeech_training`, and the same for testing;
- `pair`: `{clean,noisy}`, which do not say what they are for.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from model.data.audio import SUFFIXES, audio_files
from model.data.layouts import Corpus, Left, Role, Split, pair_folders
from model.errors import DataError

_VOICEBANK = re.compile(r"(clean|noisy)_(train|test)set(?:_(28|56)spk)?_wav(_16k)?")
_SNSD = re.compile(r"(clean|noisy)speech_(train|test)(?:ing)?", re.IGNORECASE)
_LISTS: tuple[tuple[str, Role, tuple[str, ...]], ...] = (
    ("train", "train", ("training.txt", "train.txt")),
    ("test", "test", ("test.txt",)),
)
_DNS_TESTS = ("", "synthetic", "test_set/synthetic", "test_set", "datasets/test_set/synthetic")
_DNS_TRAINING = ("training", "datasets/training")
_DNS_TITLES = {"no_reverb": "DNS-2020 (no reverb)", "with_reverb": "DNS-2020 (with reverb)"}
#: Files of each of the two synthetic test sets of 2020, by which they are told from later ones of the same layout.
_DNS_FILES = 150

#: Endings of lists that were not read, and why.
_LIST_SUFFIXES = (".scp", ".lst", ".list")
_NO_LIST = (
    "not read: lists of names are training.txt (or train.txt) and test.txt, beside wavs_clean and wavs_noisy"
)

#: Why a folder with a telling name is left.
_LEFT = (
    (re.compile(r"noises?(_train(ing)?|_test(ing)?|_fullband)?", re.IGNORECASE), "noise alone"),
    (re.compile(r"real_recordings"), "recordings without clean speech, which cannot be scored against it"),
    (re.compile(r".*_txt"), "transcripts"),
)


@dataclass
class Found:
    """A layout that fits: its parts, and the folders and files they use."""

    splits: list[Split] = field(default_factory=list)
    used: set[Path] = field(default_factory=set)
    left: list[Left] = field(default_factory=list)

    def add(self, split: Split) -> None:
        """Take a part."""
        self.splits.append(split)
        self.used |= {split.clean, split.noisy}


def open_corpus(root: Path) -> Corpus:
    """Recognise the layout of a folder and pair its files. Raises DataError when it has none of the layouts."""
    if not root.is_dir():
        raise DataError(f"{root} is not a folder")
    halves: list[Left] = []
    for layout, recognise in _LAYOUTS.items():
        found = recognise(root)
        if found.splits:
            return Corpus(root, layout, tuple(found.splits), (*found.left, *_rest(root, found)))
        halves += found.left
    raise DataError(
        f"{root} holds no known layout{_hint(root, halves)}; expected clean/ and noisy/, train|test/{{clean,noisy}}, the folders of "
        "VoiceBank+DEMAND, wavs_clean and wavs_noisy, a DNS Challenge set or MS-SNSD"
    )


def _voicebank(root: Path) -> Found:
    """The folders of DataShare. Where the same recordings lie there twice, those at their first rate are taken."""
    found = Found()
    named = {path: match for path in _folders(root) if (match := _VOICEBANK.fullmatch(path.name))}
    halves: dict[tuple[str, int | None], dict[str, dict[str, Path]]] = {}
    for path, match in named.items():
        kind, part, speakers, suffix = match.groups()
        # record 1942 has one training set, that of 28 speakers, and does not say so in its name
        key = (part, int(speakers or 28) if part == "train" else None)
        variant = f"{'' if speakers or part == 'test' else 'plain'}{suffix or ''}"
        halves.setdefault(key, {}).setdefault(variant, {})[kind] = path
    whole = {
        key: [folders for _, folders in sorted(variants.items()) if len(folders) == 2]
        for key, variants in halves.items()
    }
    several = sum(part == "train" and bool(variants) for (part, _), variants in whole.items()) > 1
    for (part, speakers), variants in sorted(
        whole.items(), key=lambda entry: (entry[0][0] != "train", entry[0][1] or 0)
    ):
        if not variants:
            continue
        first, *again = variants
        name = f"train-{speakers}spk" if part == "train" and several else part
        role: Role = "train" if part == "train" else "test"
        found.add(pair_folders(first["clean"], first["noisy"], name, role, speakers=speakers))
        for folders in again:
            for path in folders.values():
                found.left.append(Left(path, f"the recordings of {first['clean'].name} again"))
                found.used.add(path)
    for path, match in named.items():
        if path not in found.used:
            other = path.name.replace(match[1], "noisy" if match[1] == "clean" else "clean", 1)
            found.left.append(Left(path, f"there is no {other} beside it"))
            found.used.add(path)
    return found


def _lists(root: Path) -> Found:
    """`wavs_clean` and `wavs_noisy`, parted by lists of names (`name` or `name|path`, one a line)."""
    found = Found()
    for clean, noisy in ((root / f"{word}_clean", root / f"{word}_noisy") for word in ("wavs", "wav")):
        if not (clean.is_dir() and noisy.is_dir()):
            continue
        named: set[str] = set()
        for name, role, files in _LISTS:
            path = next((root / file for file in files if (root / file).is_file()), None)
            if path is not None:
                names = [line.split("|")[0].strip() for line in path.read_text().splitlines() if line.strip()]
                named |= set(names)
                found.add(pair_folders(clean, noisy, name, role, names))
                found.used.add(path)
        if not found.splits:
            found.add(pair_folders(clean, noisy))
            return found
        extra = [path for path in audio_files(noisy) if path.stem not in named]
        if extra:
            found.left.append(
                Left(noisy, f"{len(extra)} of its files are in no list, such as {extra[0].name}")
            )
        return found
    return found


def _train_test(root: Path) -> Found:
    found = Found()
    roles: tuple[Role, ...] = ("train", "test")
    for role in roles:
        if _is_pair(root / role):
            found.add(pair_folders(root / role / "clean", root / role / "noisy", role, role))
    return found


def _dns(root: Path) -> Found:
    found = Found()
    for base in _DNS_TESTS:
        for name, title in _DNS_TITLES.items():
            folder = root / base / name
            if _is_pair(folder):
                split = pair_folders(folder / "clean", folder / "noisy", name, "test")
                known = title if len(split.pairs) == _DNS_FILES else ""
                found.add(pair_folders(folder / "clean", folder / "noisy", name, "test", title=known))
        if found.splits:
            break
    for base in _DNS_TRAINING:
        if _is_pair(root / base):
            found.add(pair_folders(root / base / "clean", root / base / "noisy", "train", "train"))
            break
    return found


def _snsd(root: Path) -> Found:
    found = Found()
    halves: dict[str, dict[str, Path]] = {}
    for path in _folders(root):
        if match := _SNSD.fullmatch(path.name):
            halves.setdefault(match[2].lower(), {})[match[1].lower()] = path
    roles: tuple[Role, ...] = ("train", "test")
    for role in roles:
        folders = halves.get(role, {})
        if len(folders) == 2:
            found.add(pair_folders(folders["clean"], folders["noisy"], role, role))
    return found


def _pair(root: Path) -> Found:
    found = Found()
    if _is_pair(root):
        found.add(pair_folders(root / "clean", root / "noisy"))
    return found


_LAYOUTS: dict[str, Callable[[Path], Found]] = {
    "voicebank": _voicebank,
    "lists": _lists,
    "train-test": _train_test,
    "dns": _dns,
    "ms-snsd": _snsd,
    "pair": _pair,
}


def _rest(root: Path, found: Found) -> Iterator[Left]:
    """What lies in the folder and is part of nothing that was taken."""
    for path in sorted(root.iterdir()):
        if path.name.startswith(".") or path in found.used:
            continue
        if path.is_dir():
            if not any(path in used.parents for used in found.used):
                yield Left(path, _why(path))
            else:
                yield from (
                    Left(inner, _why(inner))
                    for inner in _folders(path)
                    if inner not in found.used and not any(inner in used.parents for used in found.used)
                )
        elif path.suffix.lower() in SUFFIXES:
            yield Left(path, "audio beside the folders that were taken")
        elif path.suffix.lower() in _LIST_SUFFIXES:
            yield Left(path, _NO_LIST)


def _why(folder: Path) -> str:
    for pattern, reason in _LEFT:
        if pattern.fullmatch(folder.name):
            return reason
    if _is_pair(folder) or (folder.name in ("clean", "noisy") and _is_pair(folder.parent)):
        return "a pair of folders that is no part of this layout"
    halves = [name for name in ("clean", "noisy") if (folder / name).is_dir()]
    if halves:
        return f"it has {halves[0]}/ and not the other half"
    if folder.name == "clean":
        return "clean speech without noisy files; `litdb model mix` makes some"
    return "not part of this layout"


def _hint(root: Path, halves: Sequence[Left]) -> str:
    """Where the corpus is, when the folder that was named is one above it or one half of it, or what it lacks."""
    if halves:
        return f" ({'; '.join(f'{left.path.name}: {left.reason}' for left in halves)})"
    inside = [
        path for path in _folders(root) if any(recognise(path).splits for recognise in _LAYOUTS.values())
    ]
    if inside:
        return f" (its folder {inside[0].name} does: name {inside[0]})"
    above = root.resolve().parent
    for recognise in _LAYOUTS.values():
        if root.resolve() in {path.resolve() for path in recognise(above).used}:
            return f" (it is a part of one: name {root.parent if root.name != '.' else above})"
    return ""


def _is_pair(folder: Path) -> bool:
    return (folder / "clean").is_dir() and (folder / "noisy").is_dir()


def _folders(root: Path) -> list[Path]:
    return sorted(path for path in root.iterdir() if path.is_dir() and not path.name.startswith("."))
