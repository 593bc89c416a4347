"""The pages of the app as data, in the order of the menu: adding a page is adding its row here and its file or folder."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import Any


@dataclass(frozen=True, slots=True)
class PageSpec:
    """One page of the menu.

    id: name of its file or folder in `pages/` and the stem of its text keys.
    url_path: its Finnish address; the first page has none and answers at the root.
    icon: a Material symbol, drawn from the font that Streamlit itself ships.
    """

    id: str
    url_path: str
    icon: str

    @property
    def title_key(self) -> str:
        """Key of the page's name in the catalogues."""
        return f"page.{self.id}"

    @property
    def module(self) -> str:
        """Full name of its module: a file of its own, or `page` in a folder of its own when the page has parts."""
        name = f"pages.{self.id}"
        found = find_spec(name)
        return name if found is None or found.submodule_search_locations is None else f"{name}.page"

    @property
    def render(self) -> Callable[..., Any]:
        """The page's `render` function. Imported on use, so that one page costs the start of one page."""
        function: Callable[..., Any] = import_module(self.module).render
        return function


PAGES: tuple[PageSpec, ...] = (
    PageSpec("overview", "", "dashboard"),
    PageSpec("demand", "kysynta", "forum"),
    PageSpec("reach", "tavoittavuus", "groups"),
    PageSpec("flows", "ohjautuminen", "alt_route"),
    PageSpec("outcomes", "tyollistyminen", "work"),
    PageSpec("quality", "laatu", "verified"),
    PageSpec("compare", "vertailu", "compare_arrows"),
    PageSpec("hypotheses", "hypoteesit", "science"),
    PageSpec("briefings", "esitys", "slideshow"),
    PageSpec("catalogue", "mittaristo", "menu_book"),
    PageSpec("targets", "tavoitteet", "flag"),
    PageSpec("sources", "aineistot", "database"),
    PageSpec("importing", "tuonti", "upload_file"),
)
