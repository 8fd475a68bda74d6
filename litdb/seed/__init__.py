"""The shipped facts as text, and how a catalogue is built from them."""
