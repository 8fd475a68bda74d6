"""Answers of an assistant as drafts: Markdown in statements, the figures in them with their results, and credited gains."""
