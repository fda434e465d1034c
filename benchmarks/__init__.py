"""Paired measurements against peers and bounds; `make bench` runs them all."""
