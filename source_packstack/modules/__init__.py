"""Helpers that plugins share."""
