"""Published cases, one module a subject; each has ``list_cases``."""
