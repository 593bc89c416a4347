"""What axe-core finds on a page: faults of ours, and those of Streamlit that we know of."""

from __future__ import annotations

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

WCAG_21_AA = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"], "resultTypes": ["violations"]}
STREAMLITS_OWN = {
    # The dots that appear on a key figure's sparkline under the pointer have no name. The figure and its change are text.
    ("svg-img-alt", "[data-testid='stMetricChart'] .mark-symbol"),
}
"""Faults of Streamlit itself: rule and element. The README lists them, and the last test tells when one is gone."""

MATCHES = "([target, selector]) => !!document.querySelector(target)?.matches(selector)"


def faults(page: Page) -> tuple[list[str], set[tuple[str, str]]]:
    """Faults of our own as `rule: html`, and which of Streamlit's own were met."""
    ours, met = [], set()
    violations: list[dict[str, Any]] = Axe().run(page, options=WCAG_21_AA).response["violations"]
    for violation in violations:
        for node in violation["nodes"]:
            known = [
                (rule, selector)
                for rule, selector in STREAMLITS_OWN
                if rule == violation["id"] and page.evaluate(MATCHES, [node["target"][0], selector])
            ]
            met |= set(known)
            if not known:
                ours.append(f"{violation['id']}: {node['html'][:200]}")
    return ours, met
