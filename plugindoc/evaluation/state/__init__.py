"""What is known while code is followed: values, the objects that hold them, and the paths."""
