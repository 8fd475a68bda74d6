"""The field's words: metrics, test sets, their aliases, units and plausible ranges."""

from litdb.vocabulary.metric_name import MetricName
from litdb.vocabulary.registry import (
    Dataset,
    Metric,
    NamedMetric,
    Vocabulary,
    vocabulary,
)
from litdb.vocabulary.units import Number, format_count, parse_number, parse_quantity

__all__ = [
    "Dataset",
    "Metric",
    "MetricName",
    "NamedMetric",
    "Number",
    "Vocabulary",
    "format_count",
    "parse_number",
    "parse_quantity",
    "vocabulary",
]
