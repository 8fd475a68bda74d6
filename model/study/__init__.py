"""An ablation study as a plan: which runs it has, in which order, what is done and how long the rest takes."""
