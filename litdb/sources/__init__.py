"""Where papers come from: the arXiv client, safe e-print archives, the download cache.

`ArxivSource` is the way in; everything it returns is a value type of `litdb.sources.types`.
Nothing here knows the catalogue.
"""
