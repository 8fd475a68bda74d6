"""The wheels that a machine without internet needs, whether it is like this one or not."""
