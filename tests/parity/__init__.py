"""Parity: the static reading held against what plugins declare when they run."""
