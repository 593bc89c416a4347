"""The dialog that adds a figure of a page to a briefing."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

from metrics.briefings.slide import Kind


def asking_dialog(
    metric: str, by: tuple[str, ...] = (), where: tuple[tuple[str, str], ...] = (), kind: Kind | None = None
) -> AppTest:
    """The inside of the dialog: AppTest closes a dialog at every run."""

    def script(metric: str, by: tuple[str, ...], where: tuple[tuple[str, str], ...], kind: str | None) -> None:
        from data.texts import texts
        from metrics.grammar.question import Question
        from pages.figures import adding
        from pages.shell.serving import serving

        served = serving(newest=False)
        assert served is not None
        question = Question((metric,), by, tuple((n, (c,)) for n, c in where), str(served.default_period))
        slide = adding.slide_of(question, str(served.default_period), kind=kind)  # type: ignore[arg-type]
        assert slide is not None
        adding._ask(slide, served, texts("fi"))

    return AppTest.from_function(script, args=(metric, by, where, kind), default_timeout=60).run()
