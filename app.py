"""The one door to Tilannekuva: `streamlit run app.py` imports it as the server and runs it for every visitor."""

from __future__ import annotations

import streamlit as st


def main() -> None:
    """Draw what a visitor sees: the shell and one page in it."""
    from pages.questions import bar
    from pages.shell.shell import run

    run(bar.field, bar.show)


if __name__ == "__main__":
    main()
else:
    from starlette.middleware import Middleware
    from streamlit.runtime.pages_manager import PagesManager

    from pages.access import health, logs
    from pages.access.guard import Guard
    from pages.access.media import bound_files, key_addresses, tell_why_not
    from pages.access.whole import prove_sign_ins
    from pages.api import door
    from pages.sending.background import served
    from pages.shell.first_visit import visited_first
    from pages.shell.html_language import HtmlLanguage
    from pages.shell.in_turn import take_in_turn
    from pages.shell.registry import closed_paths

    # Streamlit takes a folder named pages/ for its own and would run its files past this one.
    PagesManager.uses_pages_directory = False
    key_addresses()
    bound_files()
    tell_why_not()
    prove_sign_ins()
    take_in_turn()
    logs.set_up()
    layers = [Middleware(Guard, closed=closed_paths()), Middleware(HtmlLanguage)]
    # A plain assignment, because Streamlit finds it by reading this file.
    app = st.App(__file__, lifespan=visited_first(served), middleware=layers, routes=[*health.routes(), *door.routes()])
