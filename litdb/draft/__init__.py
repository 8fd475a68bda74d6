"""The paper in progress: what it says against what the catalogue knows, and its numbers frozen with their sources.

On the api and below: a draft is the user's LaTeX, read with the readers of `extract`.
"""
