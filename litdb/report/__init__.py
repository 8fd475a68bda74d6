"""Tables, plots and frames made from the value types of `litdb.tables`; nothing here reads or writes a catalogue."""
