"""The chain: tables in, tables out."""
