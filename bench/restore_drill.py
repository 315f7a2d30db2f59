"""The restore drill, on a machine that has Python and nothing else: installs what the product needs, then runs `drill.py`.

python3 -m bench.restore_drill [--times N] [--keep]
"""

import subprocess
import sys

import manage

if __name__ == "__main__":
    manage.install("product")
    sys.exit(subprocess.run([manage.VENV / "bin" / "python", "-m", "bench.drill", *sys.argv[1:]], cwd=manage.ROOT, check=False).returncode)
