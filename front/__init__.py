"""The doors: the Python API, the command line, and what is generated for editors and readers."""
