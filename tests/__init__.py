"""The tests: laws, good and bad cases, and one file for each part of the engine."""
