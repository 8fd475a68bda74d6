"""What may be compared, what disagrees, what an ablation showed."""
