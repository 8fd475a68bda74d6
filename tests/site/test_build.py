"""`litdb site build` from Python and from the shell."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import litdb
from litdb.cli._root import run
from litdb.errors import InputError, UsageError
from litdb.site.build import build_site


def test_the_command_builds_and_says_what_it_wrote(
    made: litdb.Catalogue, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "site"
    assert run(["site", "build", str(out), "--json", "--db", made.place]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["changed"] == told["files"] > 100
    assert (out / "index.html").is_file()
    assert run(["site", "build", str(out), "--db", made.place]) == 0
    said = capsys.readouterr()
    assert "0 written, 0 removed" in said.out
    assert said.err == ""


def test_another_folder_is_refused_before_anything_is_read(
    made: litdb.Catalogue, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    assert run(["site", "build", str(tmp_path), "--db", made.place]) == 1
    assert "mine.txt" in capsys.readouterr().err


@pytest.mark.parametrize(
    "url", ["example.org", "ftp://example.org", "https://", "https://example.org/?a=b", "javascript:alert(1)"]
)
def test_an_address_that_is_none_is_refused(made: litdb.Catalogue, tmp_path: Path, url: str) -> None:
    with pytest.raises(UsageError, match="no address"):
        build_site(made, tmp_path / "site", url=url)


def test_figures_of_a_run_are_copied_and_shown(made: litdb.Catalogue, tmp_path: Path) -> None:
    figures = tmp_path / "figures"
    (figures / "m4-1" / "curves").mkdir(parents=True)
    (figures / "m4-1" / "curves" / "loss.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    (figures / "m4-1" / "notes.txt").write_text("no figure")
    (figures / "unknown-run").mkdir()
    out = tmp_path / "site"
    build_site(made, out, figures=figures)
    assert (out / "r" / "m4-1" / "figure-1.svg").is_file()
    assert (
        'src="../r/m4-1/figure-1.svg" alt="curves/loss of run m4-1"' in (out / "r" / "m4-1.html").read_text()
    )
    with pytest.raises(InputError, match="no folder"):
        build_site(made, out, figures=tmp_path / "none")


def test_a_figure_that_is_too_large_is_refused(made: litdb.Catalogue, tmp_path: Path) -> None:
    (tmp_path / "figures" / "m4-1").mkdir(parents=True)
    (tmp_path / "figures" / "m4-1" / "big.png").write_bytes(b"x" * 5_000_001)
    with pytest.raises(InputError, match="larger than 5 MB"):
        build_site(made, tmp_path / "site", figures=tmp_path / "figures")


def test_a_page_that_is_gone_goes(made: litdb.Catalogue, catalogue: litdb.Catalogue, tmp_path: Path) -> None:
    out = tmp_path / "site"
    build_site(made, out)
    assert (out / "m" / "net001x.html").is_file()
    done = build_site(catalogue, out)  # an empty one
    assert done.removed > 100
    assert not (out / "m").exists()
