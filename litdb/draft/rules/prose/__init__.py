"""Rules about what sentences say: numbers, sums, superlatives, what a gain is credited to, the own network."""
