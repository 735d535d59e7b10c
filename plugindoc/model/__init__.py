"""What plugins declare, as plain frozen data: the base of everything else.

Import from the modules: `values`, `conditions`, `things`, `locations`, `anchors`, `questions`,
`export`.
"""
