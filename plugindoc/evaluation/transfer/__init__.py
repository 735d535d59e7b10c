"""Code is followed: expressions, statements, calls, loops, and what ends a path."""
