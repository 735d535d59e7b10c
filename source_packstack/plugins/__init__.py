"""The plugins, one module each: `NAME_NNN.py`, loaded in the order of the number."""
