"""The root command: knows the names of all commands and imports a family only when one of it is called."""

from __future__ import annotations

import contextlib
import errno
import gc
import importlib
import importlib.util
import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import typer
from typer.core import TyperGroup

from litdb.cli.shell import completion
from litdb.cli.shell.encoding import Output
from litdb.cli.shell.groups import SECTIONS
from litdb.errors import LitdbError, UsageError, near

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

#: Command, the module of its family, and the line that `litdb --help` prints (a test keeps them equal).
COMMANDS: dict[str, tuple[str, str]] = {
    "models": ("query", "List models that meet conditions, each value with its source."),
    "table": ("query", "Render a comparison table for a paper: LaTeX, Markdown, CSV or HTML."),
    "plot": ("drawn.plot", "Plot accuracy against parameters, with the Pareto front."),
    "site": ("drawn.site", "Show the catalogue in a browser: pages that open from a disk."),
    "show": ("trace", "Show a model or a paper with everything known of it."),
    "why": ("trace", "Say which value is shown, why, and where it stands."),
    "card": ("trace", "Say what is stated, inferred, missing and contradicted of a model's numbers."),
    "letter": ("trace", "Print a polite question to the authors of a paper; nothing is sent."),
    "history": ("trace", "List decisions: who decided what, when and why."),
    "conflicts": (
        "believe",
        "List values that cannot both be right, with every source; exit 1 when one is unresolved.",
    ),
    "audit": ("believe", "Find what should not be believed as it stands; exit 1 when something is found."),
    "evidence": (
        "believe",
        "Say what ablations isolate of a component, and what they do not; nothing is predicted.",
    ),
    "protocol": (
        "believe",
        "Show how the numbers of several models were obtained: stated, inferred or not stated, and where.",
    ),
    "resolve": (
        "believe",
        "Settle a conflict, with the reason; a value that is kept stands in tables, with a footnote.",
    ),
    "fetch": ("papers", "Fetch papers from arXiv and store the numbers of their tables."),
    "ingest": ("papers", "Read local papers or READMEs and store their numbers."),
    "index": (
        "field.index",
        "Keep a local index of the field: all titles and abstracts, searched in an instant.",
    ),
    "survey": (
        "field.survey",
        "Search the field for a question, and keep what was found and decided of each paper.",
    ),
    "dive": (
        "field.dive",
        "Show one paper in depth: results with their cells, versions, ablations, quotations, neighbours, what to read next.",
    ),
    "note": (
        "field.dive",
        "Keep words of your own about a model, a paper or a result, or show those that are kept.",
    ),
    "watch": ("field.watch", "Watch for new papers, new versions and new results; silent without news."),
    "gaps": (
        "field.gaps",
        "Count what was not tried: components by size, components never isolated, results nobody reproduced.",
    ),
    "review": ("review", "Go through proposed readings table by table, and decisions whose cell changed."),
    "reextract": ("review", "Read all cached documents again with the present reader, and say what changed."),
    "bib": ("papers", "Print BibTeX entries of papers, under the keys that `litdb table --for` cites."),
    "extract": ("papers", "Read tables and print what is in them; no catalogue is touched."),
    "add": ("own", "Take in a training or evaluation run: checkpoints, means, scores by file, cost."),
    "add-result": ("own", "Add own results, a value read by hand, or a claim."),
    "runs": ("runs", "List own runs and checkpoints, and declare which one stands for a model."),
    "compare": ("runs", "Compare own systems file by file, or groups of runs over seeds and files."),
    "try": ("tries", "Record what is tried and what came of it; plan how many runs it needs."),
    "gap": (
        "state",
        "Say how far the declared checkpoint is from a target and from published models of a size.",
    ),
    "claim": ("state", "Say whether a statement is true in this catalogue, and what refutes it."),
    "patterns": (
        "state",
        "Show which techniques the models of a range use: a matrix of what sources state, with counts.",
    ),
    "fact": ("state", "List what a model is made of and trained with, or state or withdraw one such fact."),
    "values": (
        "writing.frozen",
        "Write LaTeX macros for values, so that no number of a paper is typed by hand.",
    ),
    "build": (
        "writing.frozen",
        "Write all values, tables and figures that a paper.toml names; only what changed.",
    ),
    "freeze": ("writing.frozen", "Freeze every value that a paper uses, with its version, place and date."),
    "thaw": (
        "writing.frozen",
        "Say what changed since a paper was frozen, and which cells and sentences that touches.",
    ),
    "check": (
        "writing.check",
        "Check a draft against the catalogue, like a linter; exit 1 when something is found.",
    ),
    "impact": (
        "writing.frozen",
        "Say what a paper that arrived means for a draft: tables that need a row, sentences it made false.",
    ),
    "supplement": (
        "writing.frozen",
        "Write what goes with a paper: scores by file, configuration, hashes, protocol card, table and lock.",
    ),
    "accept": ("decide", "Accept a proposed result."),
    "reject": ("decide", "Reject a result that was read wrongly."),
    "correct": ("decide", "Correct a result; the reading itself is kept."),
    "alias": ("decide", "Say that a name means a model."),
    "unify": ("decide", "Say that two models are one."),
    "undo": ("decide", "Take a decision back."),
    "vocabulary": ("query", "List the metrics, test sets and components of models that litdb knows."),
    "mcp": (
        "writing.mcp",
        "Serve the catalogue to an assistant over stdin and stdout: every figure with its result and source.",
    ),
    "assistant-notes": (
        "writing.mcp",
        "Print a short instruction file for an assistant that uses litdb.",
    ),
    "init": ("database", "Make a working copy of the shipped catalogue."),
    "db": ("database", "Upgrade, back up, check, build, dump, load, merge or compare catalogues."),
}
_INSTALL = {"torch": "model", "accelerate": "model", "pesq": "model", "pystoi": "model", "soundfile": "model",
            "soxr": "model", "onnx": "model", "onnxruntime": "model", "onnxscript": "model",
            "psycopg": "postgres", "sklearn": "survey", "mcp": "mcp", "anyio": "mcp"}  # fmt: skip


class LazyGroup(TyperGroup):
    """A group that lists its commands without importing them."""

    def list_commands(self, _ctx: Any) -> list[str]:
        """All command names, installed ones last."""
        return [*COMMANDS, *_installed()]

    def get_command(self, _ctx: Any, cmd_name: str) -> Any:
        """The command, imported now."""
        if cmd_name in COMMANDS:
            module = importlib.import_module(f"litdb.cli.{COMMANDS[cmd_name][0]}")
            command = typer.main.get_group(module.app).commands.get(cmd_name)
            return completion.teach(command) if completion.asked() else command
        entry = _installed().get(cmd_name)
        return None if entry is None else _loaded(entry)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """As usual; an unknown command is refused with the near ones."""
        known = self.list_commands(ctx)
        if args and args[0] not in known and not args[0].startswith("-"):
            raise UsageError(
                f"no command is called {args[0]!r}: {near(args[0], known) or '`litdb --help` lists them'}"
            )
        return super().resolve_command(ctx, args)

    def format_commands(self, _ctx: Any, formatter: Any) -> None:
        """The lists in `litdb --help`, from the table above."""
        lines = {name: help_text for name, (_module, help_text) in COMMANDS.items()}
        for name, entry in _installed().items():
            lines[name] = _MODEL_HELP if name == "model" else f"From {entry.value}."
        others = tuple(name for name in lines if not any(name in some for some in SECTIONS.values()))
        for title, names in {**SECTIONS, "Of other packages": others}.items():
            if rows := [(name, lines[name]) for name in names if name in lines]:
                with formatter.section(title):
                    formatter.write_dl(rows)


_MODEL_HELP = "Train, evaluate, inspect and describe the in-house network."


def _installed() -> dict[str, EntryPoint]:
    """Commands that other packages register."""
    from importlib.metadata import entry_points

    return {entry.name: entry for entry in entry_points(group="litdb.commands")}


def _loaded(entry: EntryPoint) -> Any:
    """The command that another package registered. Raises LitdbError when that package cannot be imported.

    A missing package that an extra of litdb installs is left to :func:`run`, which names the extra.
    """
    try:
        command = typer.main.get_command(entry.load())
    except Exception as error:  # whatever foreign code raises when it is imported
        if isinstance(error, ModuleNotFoundError) and _extra(error) is not None:
            raise
        package = entry.dist.name if entry.dist is not None else entry.module
        told = (str(error).splitlines() or [type(error).__name__])[0].rstrip(".")
        raise LitdbError(
            f"`litdb {entry.name}` comes from the package {package}, which cannot be imported: {told}"
            f"{_found(entry)} install {package} again"
        ) from error
    command.name = entry.name
    return command


def _found(entry: EntryPoint) -> str:
    """Where Python finds the module of a command: it may be a file or folder of the user's with the same name."""
    top = entry.module.partition(".")[0]
    spec = None
    with contextlib.suppress(ImportError, ValueError):
        spec = importlib.util.find_spec(top)
    if spec is None:
        return ";"
    place = spec.origin or next(iter(spec.submodule_search_locations or ()), top)
    return f"; if {place} is not its own, rename that or run litdb in another folder, else"


def _extra(error: ModuleNotFoundError) -> str | None:
    """The extra of litdb that installs a missing module, or None."""
    return _INSTALL.get((error.name or "").partition(".")[0])


def root() -> Any:
    """The root command."""
    app = typer.Typer(
        cls=LazyGroup,
        name="litdb",
        rich_markup_mode=None,
        no_args_is_help=True,
        add_completion=True,
        context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
        epilog="Example: litdb models --params 0.4M..1.0M --metric PESQ=2.8..3.4",
    )

    def say_version(asked: bool) -> None:
        if asked:
            from litdb import __version__

            print(f"litdb {__version__}")
            raise typer.Exit

    @app.callback()
    def litdb(
        version: bool = typer.Option(
            False, "--version", help="Print the version.", is_eager=True, callback=say_version
        ),
    ) -> None:
        """Published and own results for speech enhancement, every number with its source."""

    return typer.main.get_command(app)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command and leave with its exit code: 0 fine, 1 the work failed or a check found something, 2 wrong use."""
    # begun with a stream closed (`>&-`, some schedulers): what would be said there is lost, and nothing else
    sys.stdout = sys.stdout or open(os.devnull, "w")  # noqa: SIM115 - to the end of the process
    sys.stderr = sys.stderr or open(os.devnull, "w")  # noqa: SIM115 - to the end of the process
    output = Output()  # a terminal or file may not hold every letter of a name
    output.take_over()
    code = run(arguments)
    output.name_lost()
    gc.freeze()  # else the interpreter looks through all objects once more before it ends: a fifth of a plain query
    sys.exit(code)


def _empty_word(words: Sequence[str]) -> str | None:
    """What stands empty on the command line (`--db ""`), where it would mean the default without anybody's wish; None."""
    for before, word in zip(["", *words], words, strict=False):
        if not word:
            return before if before.startswith("-") else "a word of the command"
        if word.startswith("--") and word.endswith("=") and " " not in word:
            return word[:-1]
    return None


def run(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code; errors are one sentence on standard error."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if any("\udc80" <= char <= "\udcff" for word in words for char in word):
        _complain("the command line is not valid UTF-8: write names and files in UTF-8")
        return 2
    if (empty := _empty_word(words)) is not None:
        _complain(
            f"{empty} is empty, perhaps from a variable that is not set: give it something, or leave it out"
        )
        return 2
    try:
        code = root().main(args=words, prog_name="litdb", standalone_mode=False)
        sys.stdout.flush()
        return code if isinstance(code, int) else 0
    except typer.Exit as stop:
        return stop.exit_code
    except LitdbError as error:
        _complain(str(error))
        return error.exit_code
    except OSError as error:
        _complain(_said_of(error))
        return 1
    except KeyboardInterrupt:
        _complain("stopped; what was finished is stored, running it again goes on")
        return 130
    except typer.Abort:
        return 130
    except ModuleNotFoundError as error:
        extra = _extra(error)
        if extra is None:
            raise
        _complain(f"this needs {error.name}: pip install 'litdb-sota[{extra}]'")
        return 2
    except Exception as error:
        if hasattr(error, "format_message") and hasattr(
            error, "exit_code"
        ):  # wrong words on the command line
            context = getattr(error, "ctx", None)
            if type(error).__name__ == "NoArgsIsHelpError":
                print(error.format_message(), file=sys.stderr)
                return int(error.exit_code)
            _complain(f"{error.format_message().rstrip('.')}{_hint(context)}")
            return int(error.exit_code)
        raise


def _said_of(error: OSError) -> str:
    """One sentence for what the system refused; of a full disk without a file that the output was to be there."""
    if error.errno == errno.ENOSPC and not error.filename:
        return f"the output cannot be written ({error.strerror}): make room, or send it elsewhere"
    return f"{error.filename or 'a file'}: {error.strerror or error}"


def _hint(context: Any) -> str:
    """Where to read on, and how the command is called: the example of its help."""
    if context is None:
        return ""
    text = " ".join((getattr(context.command, "help", None) or "").split())
    example = text.partition("Example: ")[2].partition("Example: ")[0].strip()
    shown = f"; for example `{example}`" if example and example.startswith("litdb ") else ""
    return f" (see `{context.command_path} --help`{shown})"


def _complain(message: str) -> None:
    from litdb.report.escape import terminal

    print(f"Error: {terminal(message)}", file=sys.stderr)
