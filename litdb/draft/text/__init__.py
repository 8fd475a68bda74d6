"""A LaTeX project as a draft: its files with line numbers, its sentences, tables and citations."""
