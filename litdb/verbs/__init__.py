"""The verbs of :class:`litdb.Catalogue` by subject; each is thin, and imports what it needs when it is called."""
