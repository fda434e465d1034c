"""Runs the notebooks through Papermill, one client after another."""
