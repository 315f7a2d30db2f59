"""Who changed what and when, in words."""
