"""The registers of statements, one YAML file for each source document; paraphrase, never text."""
