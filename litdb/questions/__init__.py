"""One module a question: load values, ask the rules of `evidence`, give back a value type."""
