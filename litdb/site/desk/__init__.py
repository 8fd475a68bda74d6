"""The desk for review in a browser, on this machine alone: what `litdb review` does, with the paper's own table beside."""

from litdb.site.desk.server import DeskServer, open_desk

__all__ = ["DeskServer", "open_desk"]
