"""Use cases: fetch, compute, store. They know models and packages, and nothing of HTTP."""
