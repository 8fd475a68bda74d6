"""`litdb model ...`: the commands of the `model` package. Help needs no torch; each command imports what it uses."""

from model.cli import ablation, blind, corpora, figures, inspection, probing, testing, training
from model.cli._shared import family

app = family()
app.info.help = "Train, evaluate, inspect and describe the in-house network."
for _module in (training, probing, ablation, testing, blind, inspection, figures, corpora):
    app.add_typer(_module.app)

__all__ = ["app"]
