"""Syntax to values under conditions: a partial evaluator of the Python that plugins use.

`interpreter` is where it all comes together: a `machine`, which is the state of one run, with
`transfer`, the functions that say what each kind of syntax does to it. `operations` act on values
without following code, `python` is what Python itself brings along, and `state` is what is known
while code is followed.
"""
