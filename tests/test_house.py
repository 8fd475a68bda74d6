"""The house is laid out as docs/architecture.md says: commands and methods match, and the command line stays above."""

from __future__ import annotations

import ast
import importlib
import inspect
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import typer

import litdb.api
from litdb.api import Catalogue
from litdb.cli._root import COMMANDS, root
from litdb.cli.shell.groups import SECTIONS

PACKAGE = Path(litdb.__file__).parent

#: Commands that need no catalogue, each with the function behind it.
WITHOUT_CATALOGUE = {"extract": "litdb.api.extract", "vocabulary": "litdb.vocabulary.vocabulary"}

#: What a command's main method is called where it is not called like the command.
OTHER_NAMES = {
    "add": "add_run", "fact": "facts", "index load": "load_index", "index search": "search_index", "index status": "index_status",
    "index update": "update_index", "survey drop": "screen", "survey export": "survey", "survey list": "surveys", "survey read": "screen",
    "survey show": "survey", "survey diff": "survey", "survey take": "screen", "survey table": "survey_table", "survey move": "place_in_family",
    "table": "preset_table", "watch list": "watches", "watch drop": "undo", "try add": "add_try", "try close": "close_try", "try list": "tries",
    "try plan": "plan_try", "runs remove": "remove_run", "plot paired": "plot_paired", "plot conflicts": "plot_conflicts", "plot genealogy": "plot_genealogy",
}  # fmt: skip

#: Commands that are one function of a room above the api, which calls these methods for them.
IN_ROOMS = {
    "survey new": "litdb.survey.search.new_survey",
    "survey run": "litdb.survey.search.run_survey",
    "survey fetch": "litdb.survey.fetching.fetch_survey",
    "watch add": "litdb.survey.watch.new_watch",
    "watch run": "litdb.survey.watch.run_watches",
    "survey cluster": "litdb.survey.cluster.cluster_survey",
    "index ask": "litdb.survey.asking.ask_field",
    "site serve": "litdb.site.desk.open_desk",
    "values": "litdb.draft.frozen.build.write_values",
    "build": "litdb.draft.frozen.build.build_paper",
    "freeze": "litdb.draft.frozen.lock.freeze_paper",
    "thaw": "litdb.draft.frozen.thaw.thaw_paper",
    "impact": "litdb.draft.frozen.impact.paper_impact",
    "supplement": "litdb.draft.frozen.supplement.write_supplement",
    "site build": "litdb.site.build.build_site",
    "check": "litdb.draft.check.check_draft",
    "mcp": "litdb.mcp.server.run",
    "assistant-notes": "litdb.mcp.prompts.notes",
}
#: Methods that rooms above the api call for their commands.
THROUGH_ROOMS = {
    "add_survey_run",
    "add_watch_run",
    "ask_service",
    "everything",
    "paper_approaches",
    "paper_versions",
    "papers_with_results",
    "printed_table",
    "recorded_runs",
    "start_survey",
    "table_picture",
    "start_watch",
    "times_cited",
}

#: Methods that are no command: those that open and close, other forms of one, and all values at once.
FROM_PYTHON_ONLY = {
    "ablation",
    "published_ablation",
    "versions",
    "close",
    "reading",
    "writing",
    "writable",
    "table_frame",
    "plot_points",
    "results",
    "results_frame",
}

#: What the command line may import of litdb: the api, the rooms beside it, rendering, the field's words, errors.
ABOVE_THE_API = {"_written", "api", "cli", "draft", "errors", "mcp", "report", "site", "survey", "vocabulary"}


# --- commands and methods ---------------------------------------------------------------------------------


def commands() -> Iterator[tuple[str, Any]]:
    """All commands of litdb itself with their full names; a group that is a command too comes before those in it."""
    group = root()
    context = typer.Context(group)
    for name in COMMANDS:
        command = group.get_command(context, name)
        if not hasattr(command, "commands"):
            yield name, command
            continue
        if command.invoke_without_command:
            yield name, command
        for inner, sub in command.commands.items():
            yield f"{name} {inner}", sub


def methods() -> dict[str, Any]:
    """The public methods of Catalogue."""
    return {
        name: member
        for name, member in inspect.getmembers(Catalogue, callable)
        if not name.startswith("_") and (inspect.isfunction(member) or inspect.ismethod(member))
    }


def called(command: Any) -> set[str]:
    """The methods of Catalogue that a command's function calls, itself or through what its module defines."""
    module = importlib.import_module(command.callback.__module__)
    defined, uses = _definitions(module)
    todo, seen, found = [command.callback.__name__], set(), set()
    while todo:
        name = todo.pop()
        if name in seen or name not in defined:
            continue
        seen.add(name)
        todo += uses[name][0]
        found |= uses[name][1]
    return found


@cache
def _definitions(module: ModuleType) -> tuple[set[str], dict[str, tuple[set[str], set[str]]]]:
    """What a module defines, and of each the names it uses and the methods it calls on a catalogue."""
    uses = {}
    for node in ast.parse(inspect.getsource(module)).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            names = {inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name)}
            on_catalogue = {
                inner.attr
                for inner in ast.walk(node)
                if isinstance(inner, ast.Attribute) and _is_catalogue(inner.value)
            }
            uses[node.name] = (names, on_catalogue & methods().keys())
    return set(uses), uses


def _is_catalogue(node: ast.expr) -> bool:
    name = node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""
    return name in ("catalogue", "Catalogue")


@pytest.mark.parametrize(
    ("name", "command"), list(commands()), ids=lambda value: value if isinstance(value, str) else ""
)
def test_every_command_is_a_method(name: str, command: Any) -> None:
    elsewhere = WITHOUT_CATALOGUE | IN_ROOMS
    if name in elsewhere:
        assert not called(command)
        module, _, function = elsewhere[name].rpartition(".")
        assert callable(getattr(importlib.import_module(module), function))
        return
    plain = OTHER_NAMES.get(name, name.split()[-1].replace("-", "_"))
    assert plain in methods()
    assert plain in called(command), f"`litdb {name}` does not call Catalogue.{plain}"


def test_every_method_is_a_command() -> None:
    reached = {method for _name, command in commands() for method in called(command)}
    assert reached & (FROM_PYTHON_ONLY | THROUGH_ROOMS) == set()
    assert methods().keys() - reached == FROM_PYTHON_ONLY | THROUGH_ROOMS


@pytest.mark.parametrize("name", [*methods(), "open_catalogue", "extract", "readings_text", "audit_rules"])
def test_what_is_public_is_typed_and_documented(name: str) -> None:
    function = methods().get(name) or getattr(litdb.api, name)
    assert function.__doc__
    signature = inspect.signature(function)
    assert signature.return_annotation is not inspect.Signature.empty
    for parameter in signature.parameters.values():
        if parameter.name == "self":
            continue
        said = parameter.annotation
        assert said is not inspect.Parameter.empty, parameter.name
        assert not re.search(r"\b(object|Any)\b", said), f"{parameter.name}: {said}"
        if parameter.kind is inspect.Parameter.VAR_KEYWORD:
            assert said == "Unpack[Words]", f"**{parameter.name}: {said}"


def test_what_methods_return_can_be_imported_from_the_api() -> None:
    known = {"Iterator", "Path", "Self", "Session", "Store", "None", "DataFrame"}
    for name, method in methods().items():
        for kind in re.findall(r"\b[A-Z]\w+", inspect.signature(method).return_annotation):
            assert kind in known or kind in litdb.api.__all__, f"{name} returns {kind}"


# --- rooms ------------------------------------------------------------------------------------------------


def imports(file: Path) -> Iterator[str]:
    """The modules that a file imports, wherever in it, those for type checking too."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}: write the whole name"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("file", sorted((PACKAGE / "cli").rglob("*.py")), ids=lambda file: file.name)
def test_the_command_line_imports_the_api_and_what_is_beside_it(file: Path) -> None:
    rooms = {name.split(".")[1] for name in imports(file) if name.startswith("litdb.")} - {"__version__"}
    assert rooms <= ABOVE_THE_API
    assert not {
        name for name in imports(file) if name.split(".")[0] in ("sqlalchemy", "alembic", "lxml", "arxiv")
    }


def test_terminals_are_the_command_lines_alone() -> None:
    for file in PACKAGE.rglob("*.py"):
        if (PACKAGE / "cli") not in file.parents:
            assert not {name for name in imports(file) if name.split(".")[0] in ("typer", "click", "rich")}, (
                file
            )


def test_the_api_leaves_sql_to_the_catalogue() -> None:
    for file in (PACKAGE / "api").rglob("*.py"):
        if file.name != "opened.py":
            assert not any(name.split(".")[0] == "sqlalchemy" for name in imports(file)), file


# --- layout -----------------------------------------------------------------------------------------------

ROOMS = (PACKAGE, PACKAGE.parent / "model")
#: Rules that are written once, with the module that they stand in.
ONE_HOME = {
    "agree": "litdb/values/agreement.py",
    "cut_off": "litdb/values/agreement.py",
    "fold_name": "litdb/values/names.py",
    "in_force": "litdb/catalogue/views/in_force.py",
    "from_json": "litdb/catalogue/decision.py",
}


def modules(room: Path) -> list[Path]:
    return sorted(room.rglob("*.py"))


def short(file: Path) -> str:
    return file.relative_to(PACKAGE.parent).as_posix()


def functions(file: Path) -> Iterator[ast.FunctionDef]:
    """Functions at the top of a module."""
    yield from (node for node in ast.parse(file.read_text("utf-8")).body if isinstance(node, ast.FunctionDef))


def test_no_class_name_is_used_twice() -> None:
    homes: dict[str, list[str]] = {}
    for file in modules(PACKAGE):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.ClassDef):
                homes.setdefault(node.name, []).append(short(file))
    assert {name: files for name, files in homes.items() if len(files) > 1} == {}


def test_a_module_has_one_subject_and_a_folder_few_modules() -> None:
    long = {
        short(f): n
        for room in ROOMS
        for f in modules(room)
        if (n := len(f.read_text("utf-8").splitlines())) > 400
    }
    assert long == {}
    full: dict[str, int] = {}
    for folder in (folder for room in ROOMS for folder in [room, *room.rglob("*")] if folder.is_dir()):
        count = sum(1 for file in folder.glob("*.py") if file.name != "__init__.py")
        if count > 15:
            full[short(folder)] = count
    assert full == {}


def test_the_top_of_the_package_holds_nothing_else() -> None:
    assert {file.name for file in PACKAGE.glob("*.py")} == {
        "__init__.py",
        "__main__.py",
        "_places.py",
        "_written.py",
        "errors.py",
    }


def test_a_rule_has_one_home() -> None:
    homes = {name: [] for name in ONE_HOME} | {"agrees": []}  # type: dict[str, list[str]]
    for file in modules(PACKAGE):
        for function in functions(file):
            if function.name in homes:
                homes[function.name].append(short(file))
    assert homes == {**{name: [home] for name, home in ONE_HOME.items()}, "agrees": []}


def test_origins_have_one_order() -> None:
    """No table of numbers by origin beside the one of the enum."""
    found = []
    for file in modules(PACKAGE):
        if short(file) == "litdb/values/origin.py":
            continue
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Dict):
                keys = {key.value for key in node.keys if isinstance(key, ast.Constant)}
                numbers = [v for v in node.values if isinstance(v, ast.Constant) and isinstance(v.value, int)]
                if {"self", "quoted"} <= keys and numbers:
                    found.append(f"{short(file)}:{node.lineno}")
    assert found == []


def test_what_is_said_of_a_number_is_a_member_and_its_words_decide_nothing() -> None:
    """Doubts, flags, reasons and grounds are enumerations; no module but theirs looks into their words."""
    from litdb.vocabulary import remarks

    assert all(
        issubclass(kind, remarks.Worded)
        for kind in (remarks.Flag, remarks.Reason, remarks.Doubt, remarks.Ground)
    )
    words = {
        member.words
        for kind in (remarks.Flag, remarks.Doubt, remarks.Ground)
        for member in kind
        if len(member.words) > 8
    }
    for file in modules(PACKAGE):
        if short(file) == "litdb/vocabulary/remarks.py":
            continue
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Compare):
                texts = {c.value for c in (node.left, *node.comparators) if isinstance(c, ast.Constant)}
                assert not texts & words, f"{short(file)}:{node.lineno} decides by words"


def test_help_lists_every_command_once() -> None:
    listed = [name for some in SECTIONS.values() for name in some]
    assert sorted(listed) == sorted([*COMMANDS, "model"])
