"""A new plugin with manifest, class, test and page, from templates that a project can override.

Import from the modules: `names` checks and derives names, `layout` finds where files go, `writing`
renders and writes them all or none.
"""
