"""The engine: loads plugins, collects answers, and configures hosts."""
