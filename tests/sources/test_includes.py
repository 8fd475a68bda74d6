"""What a LaTeX file on disk brings along: what it includes, and nothing that lies beside it by chance."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from litdb.sources.files import files_of

BESIDE = ("other.tex", "notes/old.tex", "other.bbl", "mystyle.sty", "thesis.cls")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in BESIDE:
        place = tmp_path / name
        place.parent.mkdir(exist_ok=True)
        place.write_text(f"text of {name}")
    return tmp_path


def brought(folder: Path, text: str, **others: str) -> set[str]:
    """The names of what main.tex brings along; `others` are files by name, `__` for a slash and `_` for the last dot."""
    for spelled, content in others.items():
        stem, _, ending = spelled.replace("__", "/").rpartition("_")
        (folder / stem).parent.mkdir(parents=True, exist_ok=True)
        (folder / f"{stem}.{ending}").write_text(content)
    main = folder / "main.tex"
    main.write_text(text)
    return set(files_of(main, main.read_bytes())) - {"main.tex"}


def test_a_file_that_includes_nothing_is_read_alone(folder: Path) -> None:
    assert brought(folder, "\\documentclass{article}\\begin{document}One table.\\end{document}") == set()


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (r"\input{tables/one}", "tables/one.tex"),
        (r"\input tables/one.tex ", "tables/one.tex"),
        (r"\include{tables/one}", "tables/one.tex"),
        (r"\subfile{ tables/one }", "tables/one.tex"),
        (r'\input{"tables/one"}', "tables/one.tex"),
        (r"\InputIfFileExists{tables/one.tex}{}{}", "tables/one.tex"),
        (r"\import{tables/}{one}", "tables/one.tex"),
        (r"\subimport*{tables}{one.tex}", "tables/one.tex"),
        (r"\newcommand{\tab}[1]{\input{tables/#1}}\tab{one}", "tables/one.tex"),
        (r"\newcommand{\dir}{tables}\input{\dir/one}", "tables/one.tex"),
        (r"100\% \input{tables/one}", "tables/one.tex"),
        ("\\\\\\\\% a comment\n\\input{tables/one}", "tables/one.tex"),
    ],
)
def test_what_it_includes_comes_along_and_what_that_includes(folder: Path, text: str, name: str) -> None:
    found = brought(
        folder,
        text,
        tables__one_tex=r"\input{deep} \input{tables/two}",
        tables__deep_tex="x",
        tables__two_tex="y",
    )
    assert found == {name, "tables/deep.tex", "tables/two.tex"}


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (r"\usepackage[a=1]{amsmath,mystyle}", {"mystyle.sty"}),
        (r"\documentclass[10pt]{thesis}", {"thesis.cls"}),
        (r"\bibliography{refs}", {"main.bbl"}),
        (r"\includegraphics{other.tex}", set()),
        (r"% \input{other}", set()),
        (r"\newcommand{\tab}[1]{\input{#1}}\tab{other}", {"other.tex"}),  # one that is named, and no more
        (r"\newcommand{\tab}[1]{\input{#1}}", set()),
        (r"\input{missing}", set()),
    ],
)
def test_styles_lists_of_references_and_what_is_no_inclusion(
    folder: Path, text: str, names: set[str]
) -> None:
    assert brought(folder, text, main_bbl="[1] Somebody.") == names


@pytest.mark.parametrize(
    "text",
    [
        r"\input{../secret}",
        r"\input{notes/../../secret}",
        r"\import{..}{secret}",
        r"\input{/etc/passwd}",
        r"\input{~/x}",
        r"\input{linked}",
        r"\input{far/secret}",
        "\\input{a\0b}",
        "\\input{" + "x" * 300 + "}",
    ],
)
def test_nothing_outside_the_folder_is_read(tmp_path: Path, text: str) -> None:
    (tmp_path / "secret.tex").write_text("secret")
    folder = tmp_path / "paper"
    (folder / "notes").mkdir(parents=True)
    os.symlink(tmp_path / "secret.tex", folder / "linked.tex")
    os.symlink(tmp_path, folder / "far")
    assert brought(folder, text) == set()


def test_a_circle_ends_and_hostile_lengths_are_read_at_once(folder: Path) -> None:
    assert brought(folder, r"\input{a}", a_tex=r"\input{b}", b_tex=r"\input{a}\input{main}") == {
        "a.tex",
        "b.tex",
    }
    for piece in ("\\usepackage[", "\\input", "\\import{", "\\", "%", "{", "\\input{a", "#1"):
        assert brought(folder, piece * (200_000 // len(piece))) == set()
