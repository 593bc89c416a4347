"""What a version was made from is told in the language of the reader, also where it was not made from files."""

from __future__ import annotations

import pytest

from data.texts import LANGUAGES, Language, texts
from pages.importing import history


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_was_done_is_told_in_words(lang: Language) -> None:
    t = texts(lang)
    assert history._from(history.cause_of(["yksi.csv", "kaksi.csv"]), t) == "yksi.csv, kaksi.csv"
    assert history._from("undo: delivery 3", t) == t("import.history.undone", what="3")
    assert history._from("delete: own 2025-01-01..2025-02-01", t) == t("import.history.deleted")
    assert history._from("sample 12000 encounters, seed 7, until 2026-10-31", t) == t("import.history.made_up")
