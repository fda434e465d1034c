"""Sales model workshop kit."""
