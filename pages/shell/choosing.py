"""A multiple choice of one page, kept in the URL as a list: `?areas=all,853`."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from pages.shell.by_hand import by_hand, show
from pages.shell.page import Page
from pages.view.address import put_in_address
from pages.view.options import distinct_texts
from pages.view.sentences import first_named


def choose_many(
    page: Page, parameter: str, options: Sequence[str], default: Sequence[str], label: str, text: Callable[[str], str],
    *, most: int,
) -> tuple[str, ...]:  # fmt: skip
    """Draw the choice and return the chosen options, at most `most`; unknown or surplus values of the URL give a warning.

    parameter: one of those given to `page(own=…)`; text: the label of an option.
    """
    t = page.t
    wanted = [item for value in st.query_params.get_all(parameter) for item in value.split(",") if item]
    known = tuple(dict.fromkeys(item for item in wanted if item in options))
    unknown = [item[:40] for item in dict.fromkeys(wanted) if item not in options]
    if unknown:
        st.warning(t("choose.unknown", name=label, values=first_named(unknown, t)))
    if len(known) > most:
        left = first_named([text(item) for item in known[most:]], t)
        st.warning(t("choose.too_many", name=label, most=most, values=left))
    chosen = known[:most] or tuple(default)
    key = f"own_{page.id}_{parameter}"
    show(key, list(chosen))
    # The default may follow the data, so it too is named in a link.
    page.own[parameter] = ",".join(chosen)

    @by_hand(key, options)
    def changed() -> None:
        put_in_address(parameter, ",".join(st.session_state[key]), "")

    st.multiselect(
        label, options, key=key, format_func=distinct_texts(options, text), on_change=changed, max_selections=most
    )
    return chosen
