"""Findings about claims as one HTML page without any outside part."""
