"""Which file of a document is read as the main one."""

from __future__ import annotations

from litdb.extract import source_from_files

MAIN = "\\documentclass{article}\n\\begin{document}text\\end{document}"


def main_of(files: dict[str, bytes | str]) -> str:
    """The main file of a document."""
    return source_from_files(files, "document").main


def test_the_main_file_is_the_whole_document() -> None:
    assert main_of({"a.tex": "x", "paper.tex": MAIN}) == "paper.tex"
    assert main_of({"only.tex": "\\magnification=1200 plain"}) == "only.tex"


def test_an_included_document_is_not_the_main_file() -> None:
    parent = "\\documentclass{book}\\begin{document}\\subfile{chapters/one}\\end{document}"
    child = "\\documentclass[../z]{subfiles}\\begin{document}long long long long long long\\end{document}"
    assert main_of({"chapters/one.tex": child, "z.tex": parent}) == "z.tex"
    imported = parent.replace("\\subfile{chapters/one}", "\\import{chapters/}{one.tex}")
    whole = child.replace("[../z]{subfiles}", "{article}")
    assert main_of({"chapters/one.tex": whole, "z.tex": imported}) == "z.tex"


def test_a_commented_documentclass_does_not_count() -> None:
    assert main_of({"old.tex": "%\\documentclass{article}\n\\x" + "y" * 900, "new.tex": MAIN}) == "new.tex"


def test_of_several_documents_the_one_with_its_bibliography_is_meant() -> None:
    old = MAIN + "more " * 50
    assert main_of({"v1.tex": old, "v2.tex": MAIN, "v2.bbl": ""}) == "v2.tex"
    assert main_of({"v1.tex": old, "v2.tex": MAIN}) == "v1.tex"


def test_arxivs_own_readme_decides() -> None:
    files: dict[str, bytes | str] = {"main.tex": MAIN + "longer", "real.tex": MAIN}
    assert main_of({**files, "00README.XXX": "nostamp\nreal.tex toplevelfile\n"}) == "real.tex"
    listing = b'{"sources": [{"filename": "real.tex", "usage": "toplevel"}, {"filename": "main.tex"}]}'
    assert main_of({**files, "00README.json": listing}) == "real.tex"
    assert (
        main_of({**files, "00README.json": b'{"sources": [{"filename": "gone.tex", "usage": "toplevel"}]}'})
        == "main.tex"
    )
