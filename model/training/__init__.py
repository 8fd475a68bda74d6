"""Training: recipes, the step, validation, the five checkpoints, exact resume."""
