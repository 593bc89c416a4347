"""The page Tietojen tuonti: choose files, review what was recognised and rejected, publish, roll back."""

from __future__ import annotations

import streamlit as st

from data.ingest.pipeline import publish
from data.ingest.plan import Counts, Prepared
from data.store.store import Store, default_store, own_store
from data.texts import Language, Texts, message, texts
from metrics.watching.evaluation import evaluate
from pages.i18n import formats
from pages.importing import accounts, history
from pages.importing.recognition import show_recognition
from pages.importing.session import ImportSession, import_session
from pages.importing.uploads import ENDINGS, prepare_uploads
from pages.shell import shell
from pages.shell.audience import may_see_internal
from pages.shell.opening import errors_shown
from pages.view.sentences import plain


def render(lang: Language) -> None:
    """Draw the page for users on the machine; for others, how to import on the command line."""
    t = texts(lang)
    st.title(t("page.importing"))
    if not may_see_internal():
        st.info(t("import.no_right"))
        st.code("tilannekuva import …", language=None)
        return
    with errors_shown("importing", t):
        _draw(own_store(), import_session(), t)


def _draw(store: Store, session: ImportSession, t: Texts) -> None:
    st.markdown(t("import.intro"))
    _show_store(store, t)
    _receive(store, session, t)
    if session.prepared is not None:
        _report(session.prepared, store, session, t)
    history.show_history(store, session, t)


def _show_store(store: Store, t: Texts) -> None:
    """Draw which store is the target; data of the sample municipality are never mixed with real ones."""
    folder = "`" + str(store.path).replace("`", "") + "`"
    if store.is_sample:
        st.warning(t("import.into_sample", folder=folder))
    elif store.current() is None and default_store().is_sample:
        st.info(t("import.beside_sample", folder=folder))
    else:
        st.markdown(t("import.into", folder=folder))


def _receive(store: Store, session: ImportSession, t: Texts) -> None:
    """Prepare newly chosen files once; another choice of files is a new import."""
    uploads = st.file_uploader(
        t("import.choose"),
        type=ENDINGS,
        accept_multiple_files=True,
        key=f"import_files_{session.round}",
        help=t("import.choose.help"),
    )
    chosen = tuple(upload.file_id for upload in uploads)
    if chosen == session.uploads:
        return
    session.received((), None)
    if chosen:
        bar = st.progress(0.0, text=t("import.starting"))

        def show_progress(file: str, step: str, share: float) -> None:
            bar.progress(min(share, 1.0), text=f"{plain(file)}: {message(f'loading.step.{step}', t.lang)}")

        prepared = prepare_uploads(uploads, store, show_progress)
        if not prepared.changes and not store.is_sample:
            # Nothing is published, but rejected rows are still kept for correction.
            publish(prepared, store, "")
        session.received(chosen, prepared)
        bar.empty()


def _report(prepared: Prepared, store: Store, session: ImportSession, t: Texts) -> None:
    if session.published is not None:
        st.success(
            t("import.published", number=session.published.number, totals=history.totals(session.published, t))
        )  # fmt: skip
        shell.link_to("overview", t.lang, t("import.see"))
    st.header(t("import.report"))
    accounts.show_refusals(prepared, t)
    accounts.show_counts(prepared, t)
    accounts.show_rejects(prepared, t)
    show_recognition(prepared, t)
    if session.published is None:
        _offer(prepared, store, session, t)


def _offer(prepared: Prepared, store: Store, session: ImportSession, t: Texts) -> None:
    """Draw the button that publishes, if that would change anything."""
    if not prepared.changes:
        if any(file.counts.unchanged for file in prepared.files):
            st.info(t("import.nothing_new"))
        return
    counts = sum((file.counts for file in prepared.files), Counts())
    st.header(t("import.publish"))
    st.markdown(
        t(
            "import.would",
            new=formats.number(counts.loaded, t.lang),
            replaced=formats.number(counts.replaced, t.lang),
            rejected=formats.number(counts.rejected, t.lang),
        )
    )
    if store.is_sample:
        st.warning(t("import.not_into_sample"))
        return
    if not st.button(t("import.publish"), key="import_publish", type="primary", icon=":material/publish:"):
        return
    with st.spinner(t("import.publishing")):
        # Nothing is drawn in between: a click elsewhere would stop the script after publishing, before it is recorded.
        loaded = [file.file for file in prepared.files if file.refused is None]
        session.done(*publish(prepared, store, history.cause_of(loaded)))
        evaluate(store)  # watches are evaluated in every generation, also before anyone opens a page
    st.rerun()
