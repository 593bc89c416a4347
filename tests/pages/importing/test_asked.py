"""The order in which questions of an import are asked."""

from data.ingest.recognise.asking import Decision, ImportQuestion
from pages.importing.asked import gathered


def test_whole_sheets_are_asked_about_before_columns_and_columns_before_words() -> None:
    asked = [
        ImportQuestion("a.csv", None, "value|encounter|kanava|b", "value", ("x",), "Kanava", "b", 3),
        ImportQuestion("a.csv", None, "value|encounter|kanava|c", "value", ("x",), "Kanava", "c", 9),
        ImportQuestion("a.csv", None, "date_order|encounter|pvm|", "date_order", ("x",), "Pvm"),
        ImportQuestion("a.csv", None, "numbers|encounter||", "numbers", ("x",), lasting=False),
        ImportQuestion("b.csv", None, "table|encounter||", "table", ("x",)),
    ]
    shown = gathered([Decision(one, "x", "default") for one in asked])
    assert [one.question.key for one in shown] == [asked[place].key for place in (3, 2, 1, 0, 4)]
