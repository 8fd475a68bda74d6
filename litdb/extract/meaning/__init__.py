"""From a grid to readings: what its rows, columns and cells mean, and with what confidence."""
