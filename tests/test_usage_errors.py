"""A command line that does not fit is answered in its own language, by every command, and repeats nothing but options."""

from __future__ import annotations

import argparse

import pytest

from data.command_line import Parser, usage_error
from data.texts import LANGUAGES, Language, catalogue, texts
from tilannekuva.__main__ import NAME, ROOMS, main

CODE = "131052-308T"
WRONG: dict[str, tuple[list[str], str, dict[str, str]]] = {
    "required": (["import"], "required", {"names": "FILE"}),
    "required option": (["forget"], "required", {"names": "--client"}),
    "report": (["report", "--period", "2025"], "required", {"names": "--out"}),
    "unknown option": (["history", "--foo=1", CODE], "unknown_option", {"names": "--foo"}),
    "too many": (["forget", "--client", "A", CODE], "too_many", {}),
    "choice": (["ask", "clients", "--format", CODE], "choice", {"name": "--format", "names": "table, json, csv"}),
    "no value": (["run", "--port"], "value_missing", {"name": "--port"}),
    "unwanted value": (["history", f"--json={CODE}"], "value_unwanted", {"name": "--json"}),
    "not together": (["rejected", "--json", "--csv"], "not_together", {"name": "--csv", "other": "--json"}),
    "ambiguous": (["import", "x", f"--s={CODE}"], "ambiguous", {"name": "--s", "names": "--store, --source, --save-profile"}),
    "number": (["rollback", CODE], "value", {"name": "GENERATION"}),
}  # fmt: skip
PERIODS = {CODE: "period_form", "2025-13": "no_such_day", "2025..2024": "period_reversed"}


def said(words: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    """What stderr says of a command line that is refused, without the lines on how the command is used."""
    capsys.readouterr()
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert ended.value.code == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert CODE not in told.err
    return told.err


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", WRONG)
def test_a_mistake_is_told_in_the_language_asked_for(
    name: str, lang: Language, capsys: pytest.CaptureFixture[str]
) -> None:
    words, reason, named = WRONG[name]
    # Before what it stumbles over: an option that lacks its value would take the next word.
    told = said([words[0], "--lang", lang, *words[1:]], capsys)
    assert told.splitlines()[0].startswith(texts(lang)("cli.usage"))
    assert told.endswith(": " + texts(lang)(f"cli.usage.{reason}", **named) + "\n")


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("period", PERIODS)
def test_a_period_that_is_none_is_told(period: str, lang: Language, capsys: pytest.CaptureFixture[str]) -> None:
    told = said(["import", "x.csv", "--covers", period, f"--lang={lang}"], capsys)
    assert told.endswith(": --covers: " + texts(lang)(f"cli.usage.{PERIODS[period]}") + "\n")


def test_no_command_line_speaks_with_argparses_own_words(capsys: pytest.CaptureFixture[str]) -> None:
    def parsers(parser: argparse.ArgumentParser) -> list[argparse.ArgumentParser]:
        of_commands = [a for a in parser._actions if isinstance(a, argparse._SubParsersAction)]
        return [parser, *(inner for a in of_commands for one in a.choices.values() for inner in parsers(one))]

    every = [parser for room in ROOMS for parser in parsers(room.parser(NAME))]
    assert len(every) > 20
    assert {type(parser) for parser in every} == {Parser}
    for room in ROOMS:
        with pytest.raises(SystemExit):
            room.main([], "x")
        assert capsys.readouterr().err.endswith(texts("fi")("cli.usage.required", names="COMMAND") + "\n")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_command_that_is_none_is_told(lang: Language, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([CODE, "--lang", lang]) == 2
    told = capsys.readouterr().err
    assert texts(lang)("cli.usage.no_command") in told
    assert "  import " in told
    assert CODE not in told


def test_the_forms_of_other_versions_of_argparse_are_known_and_the_rest_is_not_repeated() -> None:
    newer = "argument COMMAND: invalid choice: 'x' (choose from import, ask)"
    assert usage_error(newer, "en") == "COMMAND: choose one of these: import, ask."
    assert usage_error("one of the arguments --a --b is required", "en") == "Give one of these: --a --b."
    assert usage_error(f"can't open {CODE!r}", "en") == texts("en")("cli.usage.other")
    used = [str(m.id) for m in catalogue("fi") if str(m.id).startswith("cli.usage.")]
    assert len(used) > 10
