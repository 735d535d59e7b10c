"""What Python itself brings along: its types and their methods, its functions, both its ages."""
