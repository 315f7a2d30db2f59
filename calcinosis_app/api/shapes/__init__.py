"""What goes in and what comes out: each thing as a schema, and as the function that writes it so."""
