"""The pages of the app as data, in the groups and order of the menu; a new page needs a row here and its file or folder."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Literal, get_args

from pages.access import published

Group = Literal["state", "service", "tools"]
GROUPS: tuple[Group, ...] = get_args(Group)
"""Groups of the menu, from the top: how things stand, the service itself, and tools."""


@dataclass(frozen=True, slots=True)
class PageSpec:
    """One page of the menu.

    id: name of its file or folder in `pages/` and the stem of its text keys.
    url_path: its Finnish URL path; empty for the first page, which is at the root.
    icon: name of a Material symbol, from the font that Streamlit ships.
    group: of the menu.
    is_published: whether a published site has it: all that it asks can be answered by packages, and nothing is written there.
    """

    id: str
    url_path: str
    icon: str
    group: Group
    is_published: bool = False

    @property
    def title_key(self) -> str:
        """Key of the page's title in the catalogues."""
        return f"page.{self.id}"

    @property
    def module(self) -> str:
        """Full name of the page's module: its file, or `page` in its folder."""
        name = f"pages.{self.id}"
        found = find_spec(name)
        return name if found is None or found.submodule_search_locations is None else f"{name}.page"

    @property
    def render(self) -> Callable[..., Any]:
        """The page's `render` function, imported on use so that opening one page does not load the others."""
        function: Callable[..., Any] = import_module(self.module).render
        return function


PAGES: tuple[PageSpec, ...] = (
    PageSpec("overview", "", "dashboard", "state", is_published=True),
    PageSpec("demand", "kysynta", "forum", "state", is_published=True),
    PageSpec("reach", "tavoittavuus", "groups", "state", is_published=True),
    PageSpec("compare", "vertailu", "compare_arrows", "state", is_published=True),
    PageSpec("flows", "ohjautuminen", "alt_route", "service", is_published=True),
    PageSpec("centre", "osaamiskeskus", "school", "service", is_published=True),
    PageSpec("outcomes", "tyollistyminen", "work", "service", is_published=True),
    PageSpec("quality", "laatu", "verified", "service", is_published=True),
    PageSpec("briefings", "esitys", "slideshow", "tools"),
    PageSpec("hypotheses", "hypoteesit", "science", "tools"),
    PageSpec("catalogue", "mittaristo", "menu_book", "tools", is_published=True),
    PageSpec("targets", "tavoitteet", "flag", "tools"),
    PageSpec("sources", "aineistot", "database", "tools"),
    PageSpec("importing", "tuonti", "upload_file", "tools"),
)


def path_of(page_id: str) -> str | None:
    """Return the address of a page, seen from another; None where there is no such page."""
    return next((spec.url_path or "./" for spec in PAGES if spec.id == page_id), None)


def pages_here() -> tuple[PageSpec, ...]:
    """Return the pages of this server: a published site has those alone that only show."""
    return PAGES if published.folder() is None else tuple(spec for spec in PAGES if spec.is_published)


def closed_paths() -> frozenset[str]:
    """Return the paths of the pages that this server does not have."""
    return frozenset(spec.url_path for spec in PAGES if spec not in pages_here())
