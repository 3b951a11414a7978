"""Nouns: what can be said in a policy or a scenario, and what can be answered."""
