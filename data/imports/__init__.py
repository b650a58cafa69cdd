"""Accounts from files: what is in them, which column is what, and into the database."""
