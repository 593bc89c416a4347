"""What a question and each of its answers say to the steward, in three languages."""

from __future__ import annotations

from data.codes import code_list
from data.ingest.recognise.asking import LEAVE_OUT, OTHER, ImportQuestion
from data.texts import has_message, message


def question_text(question: ImportQuestion, lang: str) -> str:
    """The question in one or two sentences: what was found, and what is asked."""
    params = dict(question.params)
    for name in ("table", "field"):
        if name in params:
            params[name] = message(f"{name}.{params[name]}", lang)
    if "names" in params:
        params["names"] = ", ".join(_source_names(question, lang))
    if question.kind == "columns":
        params["names"] = "; ".join(_column(question, place, lang) for place in range(len(question.options) - 1))
    params |= {"about": question.about, "value": question.value, "rows": question.rows, "count": question.rows}
    kind = "column_any" if question.kind == "column" and "field" not in params else question.kind
    kind = "value_several" if question.kind == "value" and params.get("several") else kind
    return message(f"question.{kind}", lang, **params)


def option_text(question: ImportQuestion, option: str, lang: str) -> str:
    """What an answer means: the label of a code, the name of a field, column or source, or words of its own."""
    if question.kind == "columns" and option != LEAVE_OUT:
        return _column(question, question.options.index(option) - 1, lang)
    word = "leave_out" if option == LEAVE_OUT else option
    if question.kind == "source":
        # Every source by its name, the one without a name by what it is.
        named = dict(zip((one for one in question.options if one != "new"), _source_names(question, lang), strict=True))
        if option in named:
            return named[option]
    for key in (f"question.{question.kind}.{word}", f"question.option.{word}"):
        if has_message(key):
            return message(key, lang)
    if question.kind == "which_table":
        return message(f"table.{option}", lang)
    if question.list_name and option in code_list(question.list_name):
        return code_list(question.list_name).label(option, lang)
    return message(f"field.{option}", lang) if has_message(f"field.{option}") else option


def default_text(key: str, answer: str, lang: str) -> tuple[str, str]:
    """What a safe default kept with a source is about, and what it says: all that is left of a question is its key.

    >>> default_text("value|encounter|kanava|chat botti", "not_known", "en")
    ('kanava: ”chat botti”', 'not known')
    """
    kind, table, about, value = key.removeprefix(_shape_of(key)).split("|", 3)
    subject = about or (message(f"table.{table}", lang) if table else message("question.subject.sheet", lang))
    if answer == OTHER:
        return f"{subject}: ”{value}”", message("question.subject.other", lang)
    question = ImportQuestion("", None, key, kind, (answer,), about, value)
    return f"{subject}: ”{value}”" if value else subject, option_text(question, answer, lang)


def _shape_of(key: str) -> str:
    """The part of a key that says which shape of sheet it is about; empty in most."""
    return key.partition("|")[0] + "|" if key.startswith("sheet ") else ""


def _column(question: ImportQuestion, place: int, lang: str) -> str:
    """One of the columns that a question of kind `columns` is about: its group, its header, and counts of its values."""
    params = {name: question.params[f"{name}.{place}"] for name in ("name", "filled", "different")}
    return message("question.columns.one", lang, **params)


def _source_names(question: ImportQuestion, lang: str) -> list[str]:
    """What the sources of a question are called, in the order of its options."""
    names = str(question.params.get("names", "")).split("\n")
    return [name or message("question.source.main", lang) for name in names]
