"""Flat records, one by one and in tables, decided by an index: the same meaning, many times as fast."""
