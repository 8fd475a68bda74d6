"""Short names of models and metrics, made of their names where no paper.toml gives them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from litdb.api import DEFAULT_DATASET, DEFAULT_METRICS
from litdb.draft.frozen.toml import NamedModel, NamedScore, PaperFile
from litdb.errors import InputError
from litdb.values.names import slug


def usual_paper(
    models: Sequence[str], metrics: Sequence[str] = (), dataset: str = DEFAULT_DATASET
) -> PaperFile:
    """What models and metrics named on the command line ask for: their short names are made of their names.

    Raises InputError where two have the same, or where nothing is left of one.
    """
    named = [NamedModel(short_name(one), one) for one in models]
    scores = [NamedScore(short_name(one), one, dataset) for one in metrics or DEFAULT_METRICS]
    for some in (named, scores):
        seen: dict[str, str] = {}
        for one in some:
            said = one.model if isinstance(one, NamedModel) else one.metric
            if one.name in seen:
                raise InputError(
                    f"{seen[one.name]} and {said} would both be called {one.name!r}: name them in a paper.toml"
                )
            seen[one.name] = said
    return PaperFile(Path("paper.toml"), tuple(named), tuple(scores), dataset=dataset)


def short_name(name: str) -> str:
    """The name of a model or metric as macros have it: `MP-SENet (48k)` is mp-senet-48k. Raises InputError for ''."""
    greek = {"α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "σ": "sigma", "τ": "tau", "φ": "phi"}
    folded = slug(name).casefold().replace("+", "-plus").replace("†", "-dagger").replace("‡", "-ddagger")
    plain = "".join(greek.get(char, char) for char in folded)
    made = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    if not made:
        raise InputError(f"{name!r} has no letter for a short name: name it in a paper.toml")
    return made
