"""Where numbers came from on their way through the literature: quotations checked, genealogies, cards and letters."""
