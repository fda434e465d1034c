"""A finished table to a matplotlib Axes or Figure; draws, never computes."""
