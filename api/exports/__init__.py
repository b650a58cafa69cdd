"""A stored route in formats of others."""
