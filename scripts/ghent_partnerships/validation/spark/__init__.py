"""Validation on Spark, of data that no machine holds: statements are split by their subjects, and the engine works on
each part with the neighbourhood that the shapes look at."""
