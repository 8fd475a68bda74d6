"""Rules about the way of numbers through the literature: who copied from whom, what is known of a model, what to ask."""
