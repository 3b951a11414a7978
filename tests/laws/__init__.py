"""The laws of the design, held end to end: from YAML to verdicts, on generated and on shipped policies."""
