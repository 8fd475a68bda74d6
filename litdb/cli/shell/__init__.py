"""What lies between the commands and the shell: completion of words, and letters that a terminal lacks."""
