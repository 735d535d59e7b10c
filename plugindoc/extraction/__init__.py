"""Values to model: what evaluated calls and literals mean in the protocol."""
