"""Entry point of `python -m metrics`."""

import subprocess
import sys

from metrics.cli import main

if __name__ == "__main__":
    if sys.argv[1:2] == ["report"]:
        # The command's name in 0.1, kept for one release; in another process, because metrics/ must not import pages/.
        print("`python -m metrics report` is now `python -m pages report`.", file=sys.stderr)
        line = [sys.executable, "-m", "pages", *sys.argv[1:]]
        sys.exit(subprocess.run(line, check=False).returncode)  # noqa: S603  (what the caller has typed, for the caller)
    sys.exit(main())
