"""What a paper says of its model in words that no component of the vocabulary holds: on what it was trained, whether it is causal."""

from __future__ import annotations

from dataclasses import dataclass

#: What a description can be about, and how that is called where it is shown.
TOPICS: dict[str, str] = {
    "approach": "kind of network",
    "parts": "parts",
    "recipe": "training",
    "training-set": "training set",
    "sampling-rate": "sampling rate",
    "causal": "causal",
    "seeds": "seeds",
    "hardware": "hardware",
}


@dataclass(frozen=True, slots=True)
class Description:
    """What a source says of a model (its key) on one topic, in words, with the place.

    It is of the model as its paper describes it: a setting or variant with rows of its own may differ, so it is no
    protocol of any number. `by` is `seed`, or who decided.
    """

    model: str
    topic: str
    text: str
    source: str
    remark: str = ""
    by: str = "seed"

    @property
    def title(self) -> str:
        """What it is about, as shown."""
        return TOPICS.get(self.topic, self.topic)
