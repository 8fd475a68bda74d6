"""What a checkpoint file holds, read without running anything in it."""
