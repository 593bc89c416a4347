"""`python -m metrics`: the front door, which also hands in what draws reports."""

import argparse
import logging
import sys

from metrics.cli import main


def _report(options: argparse.Namespace) -> int:
    # Imported when asked for: the other commands start without charts. Streamlit need not say that no app is running.
    logging.disable(logging.WARNING)
    from pages.briefings.report import report

    return report(options)


if __name__ == "__main__":
    sys.exit(main(report=_report))
