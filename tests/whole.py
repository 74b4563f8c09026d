"""`python -m tests.whole [--gate]`: every test, first those of the code, then the people in browsers.

The code's run in three processes, also where there are two processors, for many of them wait for something.

The gate has 25 minutes, so it leaves out what is marked long (`@pytest.mark.long`): the longest walks of people in
browsers, the bench.
"""

import subprocess
import sys

CODE = ["-n", "3", "--dist", "loadfile", "-m", "not browser"]
# In a process of its own: the browser's driver keeps an event loop running. No test of mail opens a browser.
BROWSERS = ["--ignore", "tests/mail", "--timeout", "300", "-m", "browser"]


def main() -> int:
    """Run both, and return what says that either failed."""
    halves = [CODE, BROWSERS]
    if "--gate" in sys.argv[1:]:
        halves = [[*half[:-1], f"{half[-1]} and not long"] for half in halves]
    ended = [subprocess.run([sys.executable, "-m", "pytest", *half], check=False) for half in halves]
    return next((one.returncode for one in ended if one.returncode), 0)


if __name__ == "__main__":
    sys.exit(main())
