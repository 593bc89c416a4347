"""Parameters of the address that have one value: of several the first counts, everywhere, and the others are told of."""

from __future__ import annotations

from collections.abc import Collection

import streamlit as st

from data.texts import DEFAULT_LANGUAGE, LANGUAGES, Language
from pages.view.state import SEEN_AS, Notice, repeated


def in_address(parameter: str, default: str = "") -> str:
    """Return the value of a parameter of the address; Streamlit itself would take the last one, of several."""
    return next(iter(st.query_params.get_all(parameter)), default)


def language_of(wanted: str | None) -> Language:
    """Return the language given in the URL; Finnish when it is missing or unknown."""
    return next((language for language in LANGUAGES if language == wanted), DEFAULT_LANGUAGE)


def put_in_address(parameter: str, value: str, default: str) -> None:
    """Set a parameter of the address, or take it away where an address without it says the same."""
    if value == default:
        st.query_params.pop(parameter, None)
    else:
        st.query_params[parameter] = value


def told_twice(parameters: Collection[str]) -> tuple[Notice, ...]:
    """Return a notice for each further value of parameters, for pages that have no filters."""
    return tuple(
        notice for one in parameters if one in st.query_params for notice in repeated(one, st.query_params.get_all(one))
    )


def along() -> dict[str, str]:
    """Return what every address that the app makes for itself has besides a view: through whose eyes one looks."""
    return {SEEN_AS: role} if (role := in_address(SEEN_AS)) else {}
