"""Two states of an installer to what changed, and many to a history."""
