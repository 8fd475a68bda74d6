"""litdb: a catalogue of published and own results for speech enhancement."""
