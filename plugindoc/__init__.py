"""Documentation and checks for installer plugins, read by static analysis."""
