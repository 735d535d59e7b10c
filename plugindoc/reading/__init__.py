"""Bytes to syntax: finding plugins, reading their Python and their usage texts."""
