"""Syntax to values under conditions: a partial evaluator of the Python that plugins use.

`machine` is where it all comes together. `following` holds what code does, `state` what is known
while it does it, `python` what Python itself brings along.
"""
