"""No test file in a training without a word: what was trained on, what a checkpoint has seen, who looked at a test set."""
