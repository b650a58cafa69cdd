"""Derives the committed files of the German sample: `python -m data.samples.build`."""
