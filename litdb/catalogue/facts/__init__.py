"""What models are made of and what is said of them: facts of components, and descriptions in words."""
