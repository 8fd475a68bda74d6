"""Figures of a network for a paper: how it was trained, what it learnt, and where it helps.

- `style`: the width of a column, type of 8 pt, colours, axes in Hz, files as PDF, SVG and PNG;
- `sources`: what a run folder or a checkpoint has to draw from;
- `curves`, `gates`, `attention`, `spectrograms`, `gain`, `scores`: a figure each, what is drawn apart from how;
- `parts`: figures of knock-outs, which `litdb model inspect` and `where` measure;
- `drawing`: all figures of a source, and why one is not there;
- `numbers`, `page`, `document`: the report as HTML and PDF.
"""
