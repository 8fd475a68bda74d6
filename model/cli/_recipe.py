"""The options of `litdb model` that say what is trained and how. Nothing here imports torch."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from model.errors import ModelUsageError

if TYPE_CHECKING:
    from model.networks import NetworkConfig
    from model.training.recipe import Recipe

#: Options that make no sense in a file.
_NOT_IN_A_FILE = ("recipe", "set", "resume", "help", "json", "status")


def _options_of_the_file(context: typer.Context, recipe: str) -> str:
    """Let the options that a recipe file holds be the defaults of those the command line leaves out."""
    from model.training.recipe_file import is_file, read_recipe

    if not is_file(recipe):
        return recipe
    names = {
        word.lstrip("-"): str(option.name)
        for option in context.command.params
        for word in option.opts
        if word.startswith("--") and word.lstrip("-") not in _NOT_IN_A_FILE
    }
    defaults: dict[str, Any] = {}
    for name, value in read_recipe(recipe).options.items():
        if name not in names:
            raise ModelUsageError(
                f"{recipe}: there is no {name!r}; a file may hold network, the values of the recipe, and the options "
                f"{', '.join(names)}"
            )
        defaults[names[name]] = value
    context.default_map = defaults
    return recipe


Set = Annotated[
    list[str] | None,
    typer.Option(
        "--set", metavar="NAME=VALUE", help="A value of the recipe, or network.NAME=VALUE; may be repeated."
    ),
]
RecipeName = Annotated[
    str,
    typer.Option(
        "--recipe",
        metavar="improved|earlier|FILE",
        help="The values that --set changes; a FILE (.toml, .yaml) may hold every option.",
        callback=_options_of_the_file,
        is_eager=True,
    ),
]
Cpu = Annotated[bool, typer.Option("--cpu", help="Stay on the CPU where there is a GPU.")]
Precision = Annotated[
    str,
    typer.Option(
        "--precision",
        metavar="fp32|bf16|fp16",
        help="Of the generator's forward pass; validation is always fp32 (default: fp32, or what the run has).",
    ),
]
Compile = Annotated[
    bool | None, typer.Option("--compile/--no-compile", help="Compile the generator's forward pass.")
]
Hours = Annotated[
    float | None,
    typer.Option(
        "--hours",
        metavar="H",
        help="Time 50 steps, say how long all will take, and be saved and ended before H hours are over.",
    ),
]


def settings(recipe: str, values: list[str] | None) -> tuple[Recipe, list[str]]:
    """The recipe of --recipe and --set, and the words that change the network."""
    from model.training.recipe import recipe as named
    from model.training.recipe_file import read_recipe

    found = read_recipe(recipe)
    words = values or []
    network = [word.removeprefix("network.") for word in words if word.startswith("network.")]
    own = [word for word in words if not word.startswith("network.")]
    return named(found.base, [*found.words, *own]), [*found.network, *network]


def network(config: NetworkConfig, words: list[str]) -> NetworkConfig:
    """A configuration with fields changed by NAME=VALUE words."""
    from typing import get_type_hints

    from model.training.recipe import parse_value

    types = get_type_hints(type(config))
    changes = {}
    for word in words:
        field, _, text = word.partition("=")
        changes[field] = parse_value(field, text, types[field]) if field in types else text
    return config.with_values(**changes)


def existing_file(path: Path) -> Path:
    """The path of a file. Raises ModelUsageError when there is none."""
    if not path.is_file():
        raise ModelUsageError(f"{path} is not a file")
    return path
