"""HTML of a published site: landmarks, one heading of the first level, and nothing from outside or that runs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape

from data.texts import LANGUAGES, Language, Texts
from pages.figures.tables import STYLE
from pages.theme.colours import in_variables, variables

OWN_NAMES: Mapping[Language, str] = {"fi": "Suomi", "sv": "Svenska", "en": "English"}
_STYLE = (
    variables()
    + """
:root { color-scheme: light dark }
body { font: 1.05rem/1.55 system-ui, sans-serif; color: var(--ink); background: var(--ground); margin: 0 }
header, main, footer { max-width: 60rem; margin: 0 auto; padding: 0.8rem 1rem }
header { display: flex; flex-wrap: wrap; gap: 0.5rem 2rem; justify-content: space-between;
  border-bottom: 1px solid var(--border) }
header ul { list-style: none; display: flex; gap: 1rem; margin: 0; padding: 0 }
footer { border-top: 1px solid var(--border); color: var(--quiet); font-size: 0.95rem }
h1 { font-size: 1.7rem; line-height: 1.25; margin: 0.6rem 0 }
h2 { font-size: 1.25rem; margin: 1.6rem 0 0.4rem }
.lead { font-size: 2rem; font-weight: 700; margin: 0 }
.quiet { color: var(--quiet); margin: 0.2rem 0 }
a { color: var(--link) } a:focus-visible, [tabindex]:focus-visible { outline: 3px solid var(--series-1); outline-offset: 2px }
.skip { position: absolute; left: -999px } .skip:focus { left: 1rem; top: 0.5rem; background: var(--ground); padding: 0.4rem }
figure { margin: 0; overflow-x: auto } figure svg { width: 100%; height: auto }
figure.narrow { display: none }
@media (max-width: 36rem) { figure.wide { display: none } figure.narrow { display: block } }
main li { margin: 0.25rem 0 }
"""
    + STYLE
)
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
"""Styles stand in the page itself, so that it can be read as a file too; there is nothing else to fetch."""


def page(title: str, lang: Language, owner: str, file: str, main: str, foot: Iterable[str], t: Texts) -> str:
    """Return a whole page. owner: whose figures they are; file: its name, the same in every language; main: its content."""
    others = "".join(
        f'<li><a href="../{code}/{escape(file)}" {_language(code)}{_current(code == lang)}>{OWN_NAMES[code]}</a></li>'
        for code in LANGUAGES
    )
    footer = "".join(f"<p>{escape(text)}</p>" for text in foot)
    return _shell(
        title,
        lang,
        f'<a class="skip" href="#main">{escape(t("site.skip"))}</a>'
        f'<header><a href="index.html">{escape(owner)}</a>'
        f'<nav aria-label="{escape(t("site.languages"))}"><ul>{others}</ul></nav></header>'
        f'<main id="main"><h1>{escape(title)}</h1>{main}</main><footer>{footer}</footer>',
    )


def front(owner: str) -> str:
    """Return the first page, where a language is chosen."""
    links = "".join(
        f'<li><a href="{code}/index.html" {_language(code)}>{OWN_NAMES[code]}</a></li>' for code in LANGUAGES
    )
    return _shell(owner, "fi", f"<main><h1>{escape(owner)}</h1><ul>{links}</ul></main>")


def paragraph(text: str, kind: str = "") -> str:
    """Return a paragraph. kind: its class."""
    return f"<p{f' class={kind!r}' if kind else ''}>{escape(text)}</p>"


def picture(svg: str, narrow: str, name: str) -> str:
    """Return a chart, of which a phone shows another drawing. svg, narrow: the drawings, with their own descriptions."""
    return "".join(
        f'<figure class="{kind}" role="region" tabindex="0" aria-label="{escape(name)}">{in_variables(one)}</figure>'
        for kind, one in (("wide", svg), ("narrow", narrow))
    )


def section(title: str, content: str) -> str:
    """Return a part of a page under a heading of its own."""
    return f"<section><h2>{escape(title)}</h2>{content}</section>"


def links(items: Iterable[tuple[str, str, str]]) -> str:
    """Return a list of links with a text after each. items: address, text of the link, text after it."""
    lines = (f'<li><a href="{escape(href)}">{escape(name)}</a> {escape(after)}</li>' for href, name, after in items)
    return f"<ul>{''.join(lines)}</ul>"


def _shell(title: str, lang: Language, body: str) -> str:
    return (
        f'<!doctype html>\n<html lang="{lang}"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}"><meta name="referrer" content="no-referrer">'
        f"<style>{_STYLE}</style></head>\n<body>{body}</body></html>\n"
    )


def _language(code: Language) -> str:
    return f'lang="{code}" hreflang="{code}"'


def _current(is_it: bool) -> str:
    return ' aria-current="true"' if is_it else ""
