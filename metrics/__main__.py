"""`python -m metrics`."""

import subprocess
import sys

from metrics.cli import main

if __name__ == "__main__":
    if sys.argv[1:2] == ["report"]:
        # The spelling of 0.1, for one release more. Another process, because metrics/ may not know pages/.
        print("`python -m metrics report` is now `python -m pages report`.", file=sys.stderr)
        sys.exit(subprocess.run([sys.executable, "-m", "pages", *sys.argv[1:]], check=False).returncode)
    sys.exit(main())
