"""Faults put into the real code, one at a time, each to be caught by a law or a differential test."""
