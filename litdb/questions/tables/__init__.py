"""Tables of other shapes than one test set: several side by side, versions of a paper, an own ablation."""
