"""Everything that is held on one person: found, written out, and in the end removed."""
