"""What the pages about watching show."""
