"""The model as pages: blocks of text, cards and diagrams, independent of Sphinx.

Import from the modules: `blocks` are what pages consist of, `catalogue` has the places of things,
`requests` are what a page may contain, `skeletons` the files that request it.
"""
