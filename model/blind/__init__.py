"""Test sets without clean speech: quality predicted by DNSMOS, whose models are files that the user points to."""
