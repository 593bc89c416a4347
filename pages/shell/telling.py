"""Why something cannot be done, as a page says it: where on the server something is wrong is for whoever can mend it."""

from __future__ import annotations

import logging

from data.refusal import Refusal
from data.texts import Texts
from pages.access import session
from pages.view import sentences

log = logging.getLogger(__name__)


def refusal_text(refusal: Refusal, t: Texts, instead: str = "page.out_of_order") -> str:
    """Return why, and what could be asked instead.

    Whoever cannot mend the server gets a code for what names its files and commands. instead: key of the text that tells it.
    """
    if not refusal.is_of_server or session.may("steward"):
        return sentences.refusal_text(refusal, t)
    if refusal.reason == "busy":
        return t("page.busy")
    code = f"{refusal.family}.{refusal.reason}"
    log.warning("not shown to a visitor: %s", code)
    return t(instead, code=code)
