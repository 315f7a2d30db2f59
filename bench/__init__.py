"""Side-by-side measurements; `python3 -m bench` runs them all."""
