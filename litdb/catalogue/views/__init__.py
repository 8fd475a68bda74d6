"""What questions read besides values: models and papers as they are shown, scores by file, ablation rows, audited facts."""
