"""Verbs: what is done with policies and scenarios, in the order of the pipeline."""
