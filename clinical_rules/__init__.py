"""The clinical rules of Calcinosis: values and a date in, findings out. No framework, no clock, no settings."""

ENGINE = "2"
"""Version of the evaluation. It rises whenever a golden result changes."""
