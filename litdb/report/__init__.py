"""Tables, plots and frames made from the value types of `litdb.values.table`; nothing here reads or writes a catalogue."""
