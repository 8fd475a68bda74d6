"""Commands that draw: plots and the site."""
