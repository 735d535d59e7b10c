"""Random plugins, run and read: both must tell the same."""
