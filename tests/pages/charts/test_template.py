"""What charts are written with is loaded before the first of them."""

from __future__ import annotations

import subprocess
import sys

from tests.conftest import ROOT


def test_pandas_is_whole_before_a_chart_is_written() -> None:
    """Streamlit loads it with the first chart that it sends, and Altair looks into it as soon as it has a name."""
    script = "import sys; import pages.charts.template; print(hasattr(sys.modules['pandas'], 'Timestamp'))"
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "True"
