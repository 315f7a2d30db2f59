"""The lines of docs/how-to/interface.md do what they say."""

import json
import re
import shutil
import subprocess

import pytest
from pytest_django.live_server_helper import LiveServer

from calcinosis_app.accounts.actions import make_token
from calcinosis_app.accounts.models import User
from calcinosis_app.assessments.models import Review
from calcinosis_app.followups.actions import sweep
from calcinosis_app.patients.models import Patient
from calcinosis_app.runtime.state import ROOT

BLOCKS = re.findall(r"```bash\n(.*?)```", (ROOT / "docs" / "how-to" / "interface.md").read_text(), re.DOTALL)


@pytest.mark.skipif(shutil.which("curl") is None, reason="the lines call curl, which is not installed here")
@pytest.mark.django_db(transaction=True)
def test_the_lines_work_one_after_the_other(live_server: LiveServer, clara: User) -> None:
    _, token = make_token(by=clara, label="how to")
    shell = Shell({"CALCINOSIS": live_server.url, "TOKEN": token, "PATH": "/usr/bin:/bin:/usr/local/bin"})

    for block in BLOCKS[:-1]:
        said = shell.run(block)
        assert '"errors"' not in said, said
        assert "Traceback" not in said, said
    assert Patient.objects.get().number == "R-4711"
    assert Review.objects.get().signed_at

    sweep()
    due = json.loads(shell.run(BLOCKS[-1]))
    assert due["total"] > 0
    shell.end()


class Shell:
    """One shell that keeps its variables from block to block."""

    def __init__(self, environment: dict[str, str]) -> None:
        self.process = subprocess.Popen(
            ["bash"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment
        )

    def run(self, block: str) -> str:
        """What the lines write."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(f"{block}\necho; echo __end__\n")
        self.process.stdin.flush()
        said = ""
        for line in self.process.stdout:
            if line.strip() == "__end__":
                break
            said += line
        return said

    def end(self) -> None:
        """Nothing is left running."""
        self.process.communicate("exit\n", timeout=10)
