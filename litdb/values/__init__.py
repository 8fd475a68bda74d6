"""What a number is: values with their source, when two agree, where they come from, how they are shown. No I/O, no SQL."""
