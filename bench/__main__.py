"""`python3 -m bench`, and `python3 -m bench imports`, which needs the product's own environment."""

import subprocess
import sys

from bench.run import ROOT, main

if sys.argv[1:] == ["imports"]:
    python = ROOT / ".venv" / "bin" / "python"
    if not python.exists():
        sys.exit("The product is not installed yet. Run once: python3 manage.py test tests/test_house.py")
    sys.exit(subprocess.run([python, "-m", "bench.imports"], cwd=ROOT, check=False).returncode)
main()
