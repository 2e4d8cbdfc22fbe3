"""Datasets and findings become pages and files that a person reads.

In: what the rooms above give. Out: HTML, SVG, CSV, each whole or not there.
May not know: the engine; a page shows numbers and makes none.
"""
