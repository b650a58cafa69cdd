"""How hours are best shared among accounts, segments, regions or reps, and how many hours pay."""
