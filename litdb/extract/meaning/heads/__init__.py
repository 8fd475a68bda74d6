"""Headers and cells: what the columns of a table are, and the numbers they hold."""
