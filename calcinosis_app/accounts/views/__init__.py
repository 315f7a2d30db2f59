"""Pages of the door, of the own account, and of the people of a clinic."""
