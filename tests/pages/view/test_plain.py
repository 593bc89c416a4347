"""Text from outside is shown as text: Streamlit makes no link, icon, list or heading of it."""

from __future__ import annotations

import re

import pytest

from data.texts import LANGUAGES, texts
from pages.downloads.about import unmarked
from pages.view import sentences
from pages.view.sentences import plain
from pages.view.state import Notice

# What the browser looks for in the text itself, whatever was escaped: remark-gfm's bare addresses, Streamlit's icons, emojis.
FOUND_IN_TEXT = (
    re.compile(r"https?://[-.\w]+|www\.[-.\w]+", re.IGNORECASE),
    re.compile(r"[-.\w+]+@[-\w]+(?:\.[-\w]+)+"),
    re.compile(r":(?:material[/_])?[\w+-]+:"),
)
FOREIGN = (
    "https://evil.test/ kirjaudu uudelleen", "HTTP://EVIL.TEST", "www.evil.test", "WwW.evil.test", "a@b.c", "mailto:a@b.c",
    "xmpp:a@b.c", '=HYPERLINK("http://e.test")', "(https://evil.test)", "://www.evil.test", ":material/lock:", ":smile:",
    ":streamlit:", "https:\\//evil.test",
)  # fmt: skip


def read_back(markdown: str) -> str:
    """The text that is left when the browser has taken the backslashes away."""
    return re.sub(r"\\([^\w\s])", r"\1", markdown)


@pytest.mark.parametrize("text", FOREIGN)
def test_no_address_and_no_icon_is_found_in_plain_text(text: str) -> None:
    left = read_back(plain(text))
    assert not [found.group() for pattern in FOUND_IN_TEXT if (found := pattern.search(left))]
    assert left.replace("\u2060", "") == text, "and every letter of it is still there"


@pytest.mark.parametrize("text", ["- x", "1. x", "12. x", "+ x", "# x", "> x", "x\n===", "x\n---", "&lt;b>", "| a | b"])
def test_no_list_heading_quote_or_entity_begins_in_plain_text(text: str) -> None:
    assert re.search(r"^\s*\d*(?:[-+=#>|])|^\s*\d+\.\s|(?<!\\)&", plain(text), re.MULTILINE) is None
    assert read_back(plain(text)) == text


@pytest.mark.parametrize("text", FOREIGN[:-1])
def test_a_file_of_the_figure_holds_the_text_as_it_was_written(text: str) -> None:
    assert unmarked(f"**1** {plain(text)}").replace(":material/lock: ", "") == f"1 {text}"


@pytest.mark.parametrize("text", FOREIGN)
@pytest.mark.parametrize("kind", ["bad_value", "unknown_parameter", "repeated"])
def test_what_the_address_holds_is_said_without_a_link(kind: str, text: str) -> None:
    parameter = text if kind == "unknown_parameter" else "language"
    notice = Notice(kind, parameter, text, "x" if kind == "repeated" else "")  # type: ignore[arg-type]
    for lang in LANGUAGES:
        left = read_back(sentences.notice_text(notice, texts(lang), {}))
        assert not any(pattern.search(left) for pattern in FOUND_IN_TEXT)
