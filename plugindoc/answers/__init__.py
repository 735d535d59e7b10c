"""Answer files against a model: what an installer will make of them.

Import from the modules: `parsing`, `settling`, `checking`.
"""
