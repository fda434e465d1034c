"""Finished tables in, sentences in the client's language out."""
