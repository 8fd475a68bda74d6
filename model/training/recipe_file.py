"""A recipe in a file: TOML or YAML, with the values of the recipe, of the network and of the command itself.

    recipe = "improved"            # the named recipe whose values are changed
    data = "VoiceBank-DEMAND"      # any option of the command, by its name
    model = "M4"
    epochs = 100                   # any value of the recipe
    [network]
    dropout = 0                    # any value of the network

What the command line says goes before what the file says.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from model.errors import ModelUsageError
from model.training.recipe import RECIPES, Recipe

SUFFIXES = (".toml", ".yaml", ".yml")
_VALUES = frozenset(value.name for value in fields(Recipe))


@dataclass(frozen=True)
class RecipeFile:
    """What a file says: the named recipe, `NAME=VALUE` words for recipe and network, and options by name."""

    base: str = "improved"
    words: tuple[str, ...] = ()
    network: tuple[str, ...] = ()
    options: Mapping[str, Any] = field(default_factory=dict)


def is_file(recipe: str) -> bool:
    """Whether the word after --recipe names a file, not a recipe."""
    return Path(recipe).suffix in SUFFIXES


def read_recipe(recipe: str) -> RecipeFile:
    """A named recipe or a file. Raises ModelUsageError for an unknown name, or a file that cannot be understood."""
    if not is_file(recipe):
        if recipe not in RECIPES:
            raise ModelUsageError(
                f"there is no recipe {recipe!r}; there are {', '.join(RECIPES)}, and files ending in .toml or .yaml"
            )
        return RecipeFile(recipe)
    content = _parsed(Path(recipe))
    base = content.pop("recipe", "improved")
    network = content.pop("network", {})
    if base not in RECIPES:
        raise ModelUsageError(f"{recipe}: there is no recipe {base!r}; there are {', '.join(RECIPES)}")
    if not isinstance(network, dict):
        raise ModelUsageError(f"{recipe}: network is a table of the network's values")
    return RecipeFile(
        base,
        tuple(_word(recipe, name, value) for name, value in content.items() if name in _VALUES),
        tuple(_word(recipe, name, value) for name, value in network.items()),
        {name: value for name, value in content.items() if name not in _VALUES},
    )


def _parsed(path: Path) -> dict[str, Any]:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ModelUsageError(f"{path} cannot be read as a recipe: {error}") from None
    content: object
    if path.suffix == ".toml":
        try:
            content = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise ModelUsageError(f"{path} is not valid TOML: {error}") from None
    else:
        import yaml  # type: ignore[import-untyped]  # comes with accelerate

        try:
            content = yaml.safe_load(text)
        except yaml.YAMLError as error:
            raise ModelUsageError(f"{path} is not valid YAML: {str(error).splitlines()[0]}") from None
    if not isinstance(content, dict) or not all(isinstance(name, str) for name in content):
        raise ModelUsageError(f"{path} holds no recipe: lines of NAME and VALUE are expected")
    return content


def _word(path: str, name: str, value: object) -> str:
    """A value as the command line would have it, so that both are checked in one place."""
    if isinstance(value, bool):
        return f"{name}={str(value).lower()}"
    if isinstance(value, str | int | float):
        return f"{name}={value}"
    if isinstance(value, list) and all(isinstance(item, str | int | float) for item in value):
        return f"{name}={','.join(map(str, value))}"
    raise ModelUsageError(f"{path}: {name} cannot be {value!r}")
