"""The catalogue from Python: every verb of the command line as a typed method."""
