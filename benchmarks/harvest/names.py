"""Which model a row of a harvested table is about.

A name in one paper is not the same name in another until something says so: the harvest's own judgement (the key of
another paper beside the row), one paper in the catalogue that proposes a model of that name, or figures of the two rows
that are the same. Where nothing does, the model is one of its own, known within the paper.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from litdb.values.names import fold_name, slug

_OWN_WORDS = re.compile(
    r"\s*[(\[]?\b(?:ours|proposed|pro\.|this work)\s*[)\]]?|\s*\((?:repro\.?|reproduced|baseline|20\d\d)\)",
    re.I,
)
_REFERENCE = {
    "Noisy": re.compile(r"^(?:noisy|unprocess|mixture|input|degraded|observation|no enhancement)", re.I),
    "Clean": re.compile(r"^clean(?: speech)?$", re.I),
}
#: Words that many papers use for whatever they compare with: never the same model by name alone.
GENERIC = frozenset(
    fold_name(name)
    for name in (
        "baseline", "teacher", "student", "ours", "proposed", "U-Net", "CRN", "Wiener", "transformer", "LSTM", "BLSTM", "GRU",
        "TCN", "conformer", "MMSE", "DDPM", "OMLSA", "WaveNet", "full-band", "sub-band", "Full-band Model", "Sub-band Model",
        "Subband model", "CNN", "ResNet", "GAN", "S4", "HC", "T", "base", "small", "large", "DNN", "AE", "VAE", "diffusion",
    )
)  # fmt: skip
#: One name, several models: only numbers could tell which is meant.
SEVERAL = frozenset(fold_name(n) for n in ("MP-SENet", "FlowSE", "MeanFlowSE", "FLOWSE"))
#: Spellings that papers of the catalogue use for one another's models.
SPELLED = {
    "demucas": "DEMUCS", "demucs": "DEMUCS", "fullsubnet": "FullSubNet", "talorsenet": "TaylorSENet", "dfnet3": "DeepFilterNet3",
    "semamba": "SEMamba", "gagnet": "GaGNet", "ctsnet": "CTS-Net", "mmsegan": "MMSE-GAN", "rnnnoise": "RNNoise", "perceptnet": "PercepNet",
    "convtasnet": "Conv-TasNet", "mhsaspk": "MHSA-SPK", "mhsaplusspk": "MHSA-SPK", "sega": "SEGAN", "bsdbnet": "BSDB-Net", "flowse": "FlowSE", "sbve": "SB-VE",
    "storm": "StoRM", "srtnet": "SRTNet", "waveunet": "Wave-U-Net", "cdiffuse": "CDiffuSE", "mganplus": "MetricGAN+",
    "convfsenet": "ConvFSENet", "deltagru": "DeltaGRU", "δgru": "DeltaGRU", "dpt": "DPT-FSNet",
}  # fmt: skip


def reference(label: str) -> str:
    """`Noisy` or `Clean` where a row is the input or the target itself."""
    return next((name for name, pattern in _REFERENCE.items() if pattern.match(label.strip())), "")


def stripped(label: str) -> str:
    """A label without what marks it as the paper's own or as run again."""
    text = _OWN_WORDS.sub("", label).strip(" *,:")
    return text or label.strip()


@dataclass
class Model:
    """A model of the seed."""

    key: str
    name: str
    kind: str = "system"
    parent: str = ""
    paper: str = ""


@dataclass
class Register:
    """The models known so far, by key, and what is known by a folded name everywhere."""

    models: dict[str, Model] = field(default_factory=dict)
    everywhere: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    within: dict[tuple[str, str], str] = field(default_factory=dict)
    core: Mapping[str, str] = field(default_factory=dict)  # paper key -> key of its system in the seed
    made: list[Model] = field(default_factory=list)

    def known(self, key: str, *names: str) -> None:
        """A model that the seed has already, under all of its names."""
        for name in names:
            self.everywhere[fold_name(name)].add(key)

    def system(self, key: str, paper: str = "") -> Model:
        """The system of that paper or name, made when it is new."""
        key = self.core.get(key, key)
        taken = self.everywhere.get(fold_name(key), set())
        if key not in self.models and len(taken) == 1 and not paper:
            key = next(iter(taken))
        if key not in self.models:
            self.models[key] = Model(slug(key), key, paper=paper)
            self.made.append(self.models[key])
            self.everywhere[fold_name(key)].add(key)
        return self.models[key]

    def part(self, paper: str, label: str, kind: str, *, parent: str = "", owner: str = "") -> Model:
        """A variant or ablation that is known within one paper; `paper` is the one whose table names it."""
        at = (paper, fold_name(label))
        if at in self.within:
            return self.models[self.within[at]]
        owner = owner or paper
        distinct = fold_name(owner.split(" (")[0]) in fold_name(label) and len(fold_name(label)) > 3
        name = label if distinct and fold_name(label) not in self.everywhere else f"{owner}: {label}"
        number = 2
        while fold_name(name) in self.everywhere or name in self.models:
            name = f"{owner}: {label} ({number})"
            number += 1
        model = Model(slug(name), name, kind, parent, paper if parent else "")
        self.models[name] = model
        self.made.append(model)
        self.everywhere[fold_name(name)].add(name)
        self.within[at] = name
        return model


#: So many figures must two papers share to mean one model by a name, and by one that many use for whatever they compare with.
_SHARED, _SHARED_GENERIC = 2, 4


def clusters(
    rows: Iterable[tuple[str, frozenset[tuple[str, str, str]]]], *, generic: bool = False
) -> dict[str, int]:
    """Papers that mean one model by a name: those whose rows share figures, in groups (paper -> number)."""
    least = _SHARED_GENERIC if generic else _SHARED
    figures: dict[str, set[tuple[str, str, str]]] = defaultdict(set)
    for paper, numbers in rows:
        figures[paper] |= numbers
    group = {paper: place for place, paper in enumerate(figures)}
    papers = list(figures)
    for place, one in enumerate(papers):
        for other in papers[place + 1 :]:
            if len(figures[one] & figures[other]) >= least:
                old, new = group[other], group[one]
                group = {paper: new if number == old else number for paper, number in group.items()}
    return group
