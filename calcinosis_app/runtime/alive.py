"""`python -m calcinosis_app.runtime.alive web|worker|beat [PORT]`: ends with 0 when that part is alive. For a container's health check.

The web server is alive when it answers and reaches its database, whatever became of the others: restarting it would mend nothing.
The worker and beat are alive when they left a sign lately.
"""

import http.client
import json
import sys

import psycopg2

from calcinosis_app.runtime.environment import required, whole_number, words
from calcinosis_app.runtime.terminal import carried_out, say

PORT = 8000
PATIENCE_SECONDS = 8
PARTS = ("web", "worker", "beat")


def main(arguments: list[str]) -> int:
    """Looks at one part. Returns 0 when it is alive."""
    part, *rest = arguments or [""]
    if part not in PARTS or len(rest) > 1 or not all(one.isdigit() for one in rest):
        say(f"Say which part ({', '.join(PARTS)}), and the web server's port when it is not {PORT}.")
        return 2
    found: list[str] = []
    code = carried_out(lambda: found.append(web(int(rest[0]) if rest else PORT) if part == "web" else sign(part)))
    if code == 0 and found[0]:
        say(found[0])
    return code or int(bool(found[0]))


def web(port: int) -> str:
    """What is wrong with the web server here; empty when nothing is."""
    name = words("CALCINOSIS_ALLOWED_HOSTS", default=["localhost"])[0].strip(".*") or "localhost"
    client = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS)
    try:
        client.request("GET", "/healthz", headers={"Host": name})
        answer = json.loads(client.getresponse().read())
    except (OSError, ValueError, http.client.HTTPException) as error:
        return f"The web server does not answer: {error}"
    finally:
        client.close()
    return "" if answer.get("database") == "ok" else "The web server does not reach its database."


def sign(part: str) -> str:
    """What is wrong with the worker or beat; empty when it left a sign lately."""
    minutes = whole_number("CALCINOSIS_SILENT_MINUTES", default=5) or 5
    connection = psycopg2.connect(required("DATABASE_URL", remedy="set it to the address of the application's role"), connect_timeout=5)
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT now() - seen_at < make_interval(mins => %s) FROM core_heartbeat WHERE part = %s", [minutes, part])
            row = cursor.fetchone()
    finally:
        connection.close()
    return "" if row is not None and row[0] else f"Nothing was heard of {part} in {minutes} minutes."


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
