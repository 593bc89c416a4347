"""The command `tilannekuva`: every command line of the project, and `run`, from any folder.

The rooms `data`, `metrics` and `pages` import each other by those names, which would collide with other packages in
site-packages. So an installed copy keeps them inside this package, and this module puts their folder first on the path.
"""

from __future__ import annotations

import sys
from pathlib import Path

_HERE = Path(__file__).resolve().parent

ROOT = _HERE if (_HERE / "app.py").exists() else _HERE.parent
"""The folder of app.py, data/, metrics/, pages/ and translations/: this package when installed, else the checkout."""

if str(ROOT) not in sys.path[:1]:
    sys.path.insert(0, str(ROOT))
