"""`python3 -m bench`."""

from bench.run import main

main()
