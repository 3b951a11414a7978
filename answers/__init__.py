"""What is told of a conclusion: sentences, chains, reports, and the forms in which they are shown."""
