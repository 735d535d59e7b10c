"""The model as pages: blocks of text, cards and diagrams that know nothing of Sphinx.

Import from the rooms: `blocks` says what a page is made of, `catalogue` where things stand,
`requests` what a page may ask for, `skeletons` the files that ask for it.
"""
