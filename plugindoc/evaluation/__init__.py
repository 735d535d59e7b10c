"""Syntax to values under conditions: a partial evaluator of the Python that plugins use."""
