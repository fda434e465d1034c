"""What the notebooks show and the report collects, one module per chapter."""
