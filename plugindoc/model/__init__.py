"""What plugins declare, as plain frozen data: the ground floor that everything stands on.

Import from the rooms: `values`, `conditions`, `things`, `locations`, `anchors`, `questions`,
`export`.
"""
