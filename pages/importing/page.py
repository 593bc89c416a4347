"""Tietojen tuonti: the steward chooses files, sees what was recognised and rejected, publishes, and can go back."""

from __future__ import annotations

import streamlit as st

from data.coverage.sources import SourceError
from data.ingest.pipeline import publish
from data.ingest.plan import Prepared
from data.store.store import Store, default_store, own_store
from data.texts import Language, Texts, message, texts
from pages.access import session
from pages.importing import accounts, history, waiting
from pages.importing.offering import offer
from pages.importing.questions import show_questions
from pages.importing.recognition import show_recognition
from pages.importing.said_of_files import say_of_files
from pages.importing.session import ImportSession, import_session
from pages.importing.uploads import prepare_uploads
from pages.shell import example_mark, first_steps, links
from pages.shell.opening import errors_shown
from pages.shell.screen_only import screen_only
from pages.view.sentences import plain


def render(lang: Language) -> None:
    """The page for whoever sits at the machine; others are told how to import there."""
    t = texts(lang)
    st.title(t("page.importing"))
    if not session.may("steward"):
        st.info(t("import.no_right"))
        st.code("tilannekuva import …", language=None)
        return
    store, importing = own_store(), import_session()
    with errors_shown("importing", t):
        _draw(store, importing, t)
    with errors_shown("importing", t):
        # Nothing can be imported upon a damaged version, but one can still go back to another.
        history.show_history(store, importing, t)


def _draw(store: Store, session: ImportSession, t: Texts) -> None:
    serving = store.current()
    if serving is not None:
        store.read(serving).close()
    st.markdown(t("import.intro"))
    _say_where(store, t)
    wait, body = waiting.places(session)
    with wait:
        session.wait(t)
    with body:
        waiting.say_of_others(store, t)
        with screen_only("files"):
            _receive(store, session, t)
        if session.prepared is not None:
            _report(session.prepared, store, session, t)


def _say_where(store: Store, t: Texts) -> None:
    """Which store the files go to. Made-up clients of the sample municipality never mix with real ones."""
    folder = "`" + str(store.path).replace("`", "") + "`"
    if store.is_sample:
        st.warning(t("import.into_sample", folder=folder))
    elif store.current() is None and default_store().is_sample:
        example_mark.mark(t, st.container(horizontal=True))
        st.info(t("import.beside_sample", folder=folder))
    else:
        st.markdown(t("import.into", folder=folder))


def _receive(store: Store, session: ImportSession, t: Texts) -> None:
    """Prepare the chosen files, once; other files are another import."""
    st.header(t("import.step.files"))
    first_steps.offer_template(t)
    uploads = st.file_uploader(
        t("import.choose"),
        # No `type`: what cannot be read is refused by us, by name and with the reason.
        accept_multiple_files=True,
        key=f"import_files_{session.round}",
        help=t("import.choose.help"),
    )
    if uploads:
        say_of_files(store, session, t)
    # Answers and wishes make it another import, too.
    chosen = (*(upload.file_id for upload in uploads), f"asked {session.asked}") if uploads else ()
    if chosen == session.uploads:
        return
    session.received((), None)
    if chosen:
        bar = st.progress(0.0, text=t("import.starting"))

        def tell(file: str, step: str, share: float) -> None:
            bar.progress(min(share, 1.0), text=f"{plain(file)}: {message(f'loading.step.{step}', t.lang)}")

        try:
            prepared = prepare_uploads(uploads, store, tell, session.wishes)
        except SourceError:
            session.say(None, None)  # else the page would fail at every turn
            raise
        if not prepared.changes and not prepared.open_questions and not store.is_sample:
            # Nothing will be published, but rejected rows are kept for correction all the same.
            publish(prepared, store, "")
        session.received(chosen, prepared)
        bar.empty()


def _report(prepared: Prepared, store: Store, session: ImportSession, t: Texts) -> None:
    if session.published is not None:
        history.show_published(session.published, store, t)
        if session.left:
            st.warning(session.left)
        links.link_to("overview", t.lang, t("import.see"))
    if session.published is None:
        st.header(t("import.step.check"))
        show_questions(prepared, session, t)
    st.subheader(t("import.report"))
    accounts.show_refusals(prepared, t)
    accounts.show_counts(prepared, t)
    accounts.show_rejects(prepared, t)
    show_recognition(prepared, session, t)
    if session.published is None:
        offer(prepared, store, session, t)
