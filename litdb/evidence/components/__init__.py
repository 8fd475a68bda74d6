"""What ablations isolate of a component: comparisons of rows, their words, and the answer."""
