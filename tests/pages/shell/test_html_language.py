"""The page Streamlit serves, rewritten into the reader's language."""

from __future__ import annotations

import re
import tomllib
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
import streamlit
from streamlit.runtime import backend_operation_handler

from data.texts import LANGUAGES, Language
from pages.access.policy import POLICY
from pages.shell import html_language
from pages.shell.html_language import HtmlLanguage, injected_script, requested_language, translate_page
from tests.apart import in_a_loop

INDEX = (Path(streamlit.__file__).parent / "static" / "index.html").read_text(encoding="utf-8")
WORDS = tomllib.loads(Path(html_language.__file__).with_name("streamlit_words.toml").read_text(encoding="utf-8"))


def test_the_words_were_gathered_from_the_pinned_streamlit() -> None:
    # Another version says other things: gather its words anew (docs in streamlit_words.toml), then change this line.
    assert version("streamlit") == "1.67.0"


@pytest.mark.parametrize("language", LANGUAGES)
def test_streamlits_page_becomes_ours(language: Language) -> None:
    page = translate_page(INDEX, language)
    assert page.count(f'<html lang="{language}">') == 1
    assert "<title>Tilannekuva</title>" in page
    assert "You need to enable JavaScript" not in page
    assert page.index(injected_script()) < page.index('<script type="module"')
    assert '<div id="root"></div>' in page


def test_the_script_loads_nothing_and_ends_once() -> None:
    script = injected_script()
    assert script.count("</script>") == 1
    assert not re.search(r"https?:|fetch\(|import\(|XMLHttpRequest", script)


def test_every_word_and_pattern_has_both_languages() -> None:
    assert all(set(said) == {"fi", "sv"} and all(said.values()) for said in WORDS["words"].values())
    for pattern in WORDS["patterns"]:
        groups = re.compile(pattern["en"]).groups
        for language in ("fi", "sv"):
            assert {int(n) for n in re.findall(r"\$(\d)", pattern[language])} <= set(range(1, groups + 1))


@pytest.mark.parametrize(
    ("query", "language"),
    [
        (b"", "fi"),
        (b"lang=sv", "sv"),
        (b"a=1&lang=en", "en"),
        (b"lang=", "fi"),
        (b"lang=%22%3E", "fi"),
        (b"\xff", "fi"),
    ],
)
def test_language_of_the_address(query: bytes, language: str) -> None:
    assert requested_language(query) == language


def _answer(
    path: str, content_type: bytes, parts: list[bytes], method: str = "GET"
) -> tuple[dict[str, Any], bytes, Any]:
    """Send a request through the middleware to an app that answers `parts`; return its start, body and inner scope."""
    inner: dict[str, Any] = {}
    sent: list[dict[str, Any]] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        inner.update(scope)
        length = str(sum(map(len, parts))).encode()
        headers = [(b"content-type", content_type), (b"content-length", length), (b"etag", b"x")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        for number, part in enumerate(parts, 1):
            await send({"type": "http.response.body", "body": part, "more_body": number < len(parts)})

    async def receive() -> Any:
        return {"type": "http.request"}

    async def send(message: Any) -> None:
        sent.append(message)

    headers = [(b"accept-encoding", b"gzip"), (b"if-none-match", b"x"), (b"host", b"127.0.0.1")]
    scope = {"type": "http", "method": method, "path": path, "query_string": b"lang=sv", "headers": headers}
    in_a_loop(HtmlLanguage(app)(scope, receive, send))
    return sent[0], b"".join(message["body"] for message in sent[1:]), inner


def test_html_in_pieces_is_rewritten_whole() -> None:
    raw = INDEX.encode()
    start, body, inner = _answer("/kysynta", b"text/html; charset=utf-8", [raw[:700], raw[700:]])
    assert body.decode() == translate_page(INDEX, "sv")
    names = {name for name, _ in start["headers"]}
    assert names == {b"content-type", b"content-language", POLICY}  # a length or an ETag of the old page would be wrong
    assert [name for name, _ in inner["headers"]] == [b"host"]  # so that the answer is neither packed nor 304


def test_an_answer_without_body_stays_without() -> None:
    _, body, _ = _answer("/", b"text/html", [b""], method="HEAD")
    assert body == b""


@pytest.mark.parametrize(("path", "kind"), [("/static/js/x.js", b"text/javascript"), ("/x.json", b"application/json")])
def test_other_answers_pass_untouched(path: str, kind: bytes) -> None:
    start, body, _ = _answer(path, kind, [b'<html lang="en">'])
    assert body == b'<html lang="en">'
    assert (b"content-length", b"16") in start["headers"]


def test_what_a_download_says_where_its_file_is_gone_is_translated() -> None:
    of_server = Path(backend_operation_handler.__file__).read_text(encoding="utf-8")
    assert 'error_msg="Failed to generate file for download"' in of_server
    for said in (
        "Failed to generate file for download",
        "Invalid session ID for backend operation request",
        "Cannot send backend operation request: not connected to server",
        "Connection closed",
        "Request timed out",
    ):
        assert set(WORDS["words"][said]) == {"fi", "sv"}
