"""The policies that ship with redline: YAML files, one for each policy."""
