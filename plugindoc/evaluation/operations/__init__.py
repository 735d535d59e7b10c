"""What acts on values without following code: comparing, converting, looking up members."""
