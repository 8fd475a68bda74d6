"""The view `value`: one row a result, with everything that says what it is.

`litdb.catalogue.values` reads it, and so does anybody with sqlite3, pandas or datasette. Its SQL stands in the
migration that makes it; `COLUMNS` says what each column means, and docs/data_dictionary.md is written from it.
"""

from __future__ import annotations

from sqlalchemy import column, table

from litdb.vocabulary.protocol import ITEMS, WITHOUT_COLUMN

#: What each column of the view holds, in its order.
COLUMNS: dict[str, str] = {
    "result": "key of the result; its first digits name it on the command line (`litdb accept RESULT`)",
    "model": "key of the model it counts for, after models were unified",
    "model_name": "name of that model",
    "named": "name of the model as it was before it was unified with another",
    "kind": "system, variant, ablation or reference",
    "own": "whether it is an own model",
    "paper": "key of the paper that it stands in; empty for runs, repositories and pages",
    "version": "version of that paper",
    "document": "key of the document that it was read from",
    "document_kind": "latex, html, markdown, jats, seen (somebody looked), repository, page, note, evaluation, configuration",
    "uri": "where that document lies",
    "table": "printed number of the table, `abstract`, or empty",
    "table_kind": "comparison, ablation, other or abstract",
    "row": "the row as printed",
    "metric": "canonical spelling with band, scale, statistic and condition: `PESQ-NB`, `CSIG@unit`",
    "quantity": "the metric without them: `PESQ`, `CSIG`, `params`",
    "dataset": "id of the test set; empty for what needs none (params, MACs)",
    "printed": "the text of the source, or that of a correction",
    "value": "the number in the unit of the quantity: counts absolute, STOI in 0..1, times in seconds; NULL for words",
    "unit": "the unit as printed",
    "resolution": "one step of the last printed digit, in the unit of `value`",
    "approximate": "`~`, `>=` (printed as 3.0+ or >3.2), `<=`, or empty",
    "uncertainty": "the spread that the source gives, in the unit of `value`",
    "uncertainty_kind": "std, sem, 95% interval or unknown",
    "origin": "self, measured, repository, reproduced, quoted, tracker or claim",
    "status": "accepted, proposed or rejected",
    "confidence": "how sure the reader was, 0 to 1",
    "reasons": "JSON list: why it is not surer",
    "flags": "JSON list of what is odd about the number",
    "remark": "what else must be known of it",
    "entry": "how it came in: reader (litdb read the file), hand (a person typed it), seed (read by hand, shipped), run",
    **{
        item: f"protocol: {meaning}; NULL where not stated"
        for item, meaning in ITEMS.items()
        if item not in WITHOUT_COLUMN
    },
    "protocol": "the whole protocol as JSON: item, value, stated or inferred, where or why",
    "run": "key of the own run that it was measured in",
    "checkpoint": "key of the own checkpoint",
    "grid_row": "locator: row of the stored table (`grid`), counted from 0",
    "grid_column": "locator: its column, counted from 0",
    "slot": "locator: which of several numbers in the cell, counted from 0",
    "span": "locator: characters of the document's text that hold the cell",
    "page": "locator: page, for what was read by hand from a PDF",
    "result_id": "row number of the result; row numbers differ between copies of a catalogue",
    "row_key": "key of the source row: results with one key stand in one row",
    "model_id": "row number of the model in `model`, before it was unified",
    "owner_id": "row number of the model that it counts for",
    "document_id": "row number in `document`",
    "protocol_id": "row number in `protocol`",
    "checkpoint_id": "row number in `checkpoint`",
    "grid_id": "row number in `grid`",
    "withdrawn": "what arXiv says where the paper was withdrawn, empty where it was not, NULL outside papers on arXiv",
}

#: The view, to select from.
VALUE = table("value", *(column(name) for name in COLUMNS))
