"""The rules of `litdb check`: each reads a project and what the catalogue says of it, and gives findings."""
