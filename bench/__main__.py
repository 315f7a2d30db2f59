"""`python3 -m bench`, and `python3 -m bench imports` and `exchange`, which need the product's own environment."""

import subprocess
import sys

from bench.run import ROOT, main

if sys.argv[1:] in (["imports"], ["exchange"]):
    python = ROOT / ".venv" / "bin" / "python"
    if not python.exists():
        sys.exit("The product is not installed yet. Run once: python3 manage.py test tests/test_house.py")
    sys.exit(subprocess.run([python, "-m", f"bench.{sys.argv[1]}"], cwd=ROOT, check=False).returncode)
main()
