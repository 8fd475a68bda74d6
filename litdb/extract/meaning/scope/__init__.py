"""Which test set and which part of it a number is on, and under which protocol."""
