"""What watches a training: the lines it prints and the loggers it writes to. None of them can stop it."""
