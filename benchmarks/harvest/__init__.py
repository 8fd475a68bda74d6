"""From figures as somebody copied them out of papers to the text files of litdb/seed/harvest."""
