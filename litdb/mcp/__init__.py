"""The catalogue for an assistant: a server of few tools, each of whose figures carries its result and source."""
