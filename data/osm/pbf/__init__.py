"""Compiled reading of the PBF format."""
