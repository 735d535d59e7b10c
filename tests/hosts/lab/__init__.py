"""Test hosts in namespaces of their own: see docs/explanation/test-hosts.md."""
