"""A release in words, for pages and paper."""
