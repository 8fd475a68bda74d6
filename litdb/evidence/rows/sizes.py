"""Which rows are sizes of one model: the same name in the same paper but for what says how large it is."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable

from litdb.values.value import Model

_WORD = r"(?:tiny|mini|micro|nano|lite|small|medium|mid|base|big|large|huge)"
_LETTER = r"(?:XXXS|XXS|XS|T|S|M|B|L|XL|XXL|H)"
#: What stands at the end of a name after a hyphen, an underscore or a blank: `-S`, `_Tiny`, ` Large`, `-16`.
_ENDING = re.compile(rf"[-_ ](?:{_LETTER}|(?i:{_WORD})|\d{{1,4}})$")
#: A bracket at the end that says a size: `(S)`, `(small)`, `(N=3, C=16)`, `(140K)`, `(2.1M)`.
_BRACKET = re.compile(
    rf"\s*[(\[](?:{_LETTER}|(?i:{_WORD})|\d+(?:\.\d+)?\s?[kKM]|[A-Za-z]{{1,3}}\s?=\s?\d+(?:,\s*[A-Za-z]{{1,3}}\s?=\s?\d+)*)[)\]]$"
)


def without_size(name: str) -> str:
    """A name without what says at its end how large the model is: `LORT (N=1, C=16)` is a LORT, `TridentSE-S` a TridentSE."""
    for pattern in (_BRACKET, _ENDING):
        shorter = pattern.sub("", name)
        if shorter and shorter != name:
            return shorter
    return name


def sizes(models: Iterable[Model]) -> dict[str, str]:
    """By key of a model, the name that its sizes share; only models of a paper that gives several."""
    found: dict[tuple[str, str], dict[str, None]] = defaultdict(dict)
    for model in models:
        if model.paper:
            found[model.paper, without_size(model.name).casefold()][model.key] = None
    return {
        key: f"{name} in {paper}" for (paper, name), keys in found.items() if len(keys) > 1 for key in keys
    }
