"""Views of what was decided of papers of the field."""
