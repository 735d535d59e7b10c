"""What acts on values without following code: classes, comparing, converting, members, havoc."""
