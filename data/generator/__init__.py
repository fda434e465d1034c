"""Makes the demo clients: invented accounts with known true parameters."""
