"""The tools: each a function of a catalogue and of what was asked, to an answer in figures, results and sources."""
