"""What is asked of policies beyond one scenario: lint, tests and coverage, consistency, difference."""
