"""Worked scenarios: hypothetical transfers, each with the findings that it must get."""
