"""Own systems compared: file by file, groups of seeds, parts of a test set, steps of a ladder."""
