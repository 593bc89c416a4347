"""A command line that does not fit is answered in its own language, by every command, and repeats nothing but options."""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from data.command_line import Parser, usage_error, with_values_named
from data.texts import LANGUAGES, Language, capital, catalogue, texts
from tests.conftest import ROOT, own_copy
from tilannekuva.__main__ import NAME, ROOMS, commands, main

CODE = "131052-308T"
FILE = "cli.value.file"
WRONG: dict[str, tuple[list[str], str, dict[str, str]]] = {
    "required": (["import"], "required", {"names": FILE}),
    "required option": (["forget"], "required", {"names": "--client"}),
    "report": (["report", "--period", "2025"], "required", {"names": "--out"}),
    "unknown option": (["history", "--foo=1", CODE], "unknown_option", {"names": "--foo"}),
    "too many": (["forget", "--client", "A", CODE], "too_many", {}),
    "choice": (["ask", "clients", "--format", CODE], "choice", {"name": "--format", "names": "table, json, csv"}),
    "no value": (["run", "--port"], "value_missing", {"name": "--port"}),
    "unwanted value": (["history", f"--json={CODE}"], "value_unwanted", {"name": "--json"}),
    "not together": (["rejected", "--json", "--csv"], "not_together", {"name": "--csv", "other": "--json"}),
    "ambiguous": (["import", "x", f"--s={CODE}"], "ambiguous", {"name": "--s", "names": "--store, --source, --save-profile"}),
    "number": (["rollback", CODE], "whole_number", {"": "cli.value.version"}),
    "decimals": (["undo", "1,5"], "whole_number", {"": "cli.value.delivery"}),
    "day": (["sample", "--until", "1.10.2026"], "day", {"": "--until"}),
    "seconds": (["watch-folder", "x", "--every", CODE], "seconds", {"": "--every"}),
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
    words_named = {of: with_values_named(one, lang) for of, one in named.items()}
    about = f"{words_named.pop('')}: " if "" in words_named else ""
    assert told.endswith(f": {about}{texts(lang)(f'cli.usage.{reason}', **words_named)}\n")


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("period", PERIODS)
def test_a_period_that_is_none_is_told(period: str, lang: Language, capsys: pytest.CaptureFixture[str]) -> None:
    told = said(["import", "x.csv", "--covers", period, f"--lang={lang}"], capsys)
    assert told.endswith(": --covers: " + texts(lang)(f"cli.usage.{PERIODS[period]}") + "\n")


def test_no_command_line_speaks_with_argparses_own_words(capsys: pytest.CaptureFixture[str]) -> None:
    every = every_parser()
    assert len(every) > 20
    assert {type(parser) for parser in every} == {Parser}
    for room in ROOMS:
        with pytest.raises(SystemExit):
            room.main([], "x")
        assert capsys.readouterr().err.endswith(texts("fi")("cli.usage.required", names="KOMENTO") + "\n")


def test_every_text_of_help_is_one_of_the_catalogue_and_each_of_these_is_said() -> None:
    named, every = {"cli.help.more"}, every_parser()
    for parser in every:
        named |= {group.title or "" for group in parser._action_groups if group._group_actions}
        named |= {parser.description} if parser.description else set()
        for action in parser._actions:
            named |= {str(action.help)} if not isinstance(action, argparse._SubParsersAction) else set()
            if action.metavar and not str(action.metavar).startswith("{"):
                named.add(str(action.metavar))
            assert action.metavar or action.choices or action.nargs == 0, (parser.prog, action.dest)
    kinds = ("cli.help.", "cli.command.", "cli.option.", "cli.value.")
    assert named == {str(one.id) for one in catalogue("fi") if str(one.id).startswith(kinds)}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_help_is_in_the_language_asked_for_alone(lang: Language, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing of argparse's own stands in it, and no key: what is left are names of options and what they take."""
    words = [
        parser.prog.split()[1:] for parser in every_parser() if len(parser.prog.split()) > 1 and not is_of_steps(parser)
    ]
    assert ["sum", "prepare"] in words
    for command in words:
        with pytest.raises(SystemExit) as ended:
            main([*command, "--help", "--lang", lang])
        told = capsys.readouterr()
        assert (ended.value.code, told.err) == (0, "")
        t = texts(lang)
        assert told.out.startswith(f"{t('cli.usage')} {NAME} {' '.join(command)} ")
        assert " ".join(told.out.split()).count(capital(t(f"cli.command.{'.'.join(command)}"))) == 1
        assert f"\n{t('cli.help.options')}:\n" in told.out
        assert re.findall(r"cli\.|show this help message|positional arguments", told.out) == []


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("said", [["--help", "--lang", ""], ["--lang", "", "--help"], ["--lang", ""], ["--lang="]])
def test_the_list_of_commands_is_in_the_language_asked_for(
    said: list[str], lang: Language, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([word or lang if word != "--lang=" else f"--lang={lang}" for word in said]) == 0
    told, t = capsys.readouterr().out, texts(lang)
    assert told.startswith(f"{t('cli.usage')} {NAME} {t('cli.value.command')} …\n")
    assert all(t(key) in told for room in ROOMS for key in commands(room).values())


def test_the_language_may_be_said_before_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    for words in (["--lang", "sv", "show", "clients"], ["--lang=sv", "show", "clients"]):
        assert main(words) == 0
        assert texts("sv")("cli.why") in capsys.readouterr().out


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a device that is always full")
def test_help_that_cannot_be_written_is_told() -> None:
    command = [sys.executable, "-m", "tilannekuva", "ask", "--help", "--lang", "en"]
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, cwd=ROOT, check=False)
    assert (done.returncode, done.stderr) == (2, texts("en")("cli.output_unwritable") + "\n")


@pytest.mark.parametrize(("encoding", "letters"), [("ascii", "nayta"), ("latin-1", "näytä"), ("utf-8", "näytä")])
def test_help_is_readable_where_a_terminal_lacks_letters(encoding: str, letters: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tilannekuva", "history", "--help"],
        env=os.environ | {"PYTHONIOENCODING": encoding}, capture_output=True, cwd=ROOT, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, b"")
    assert letters in done.stdout.decode(encoding)
    assert "?" not in done.stdout.decode(encoding)


def every_parser() -> list[argparse.ArgumentParser]:
    def parsers(parser: argparse.ArgumentParser) -> list[argparse.ArgumentParser]:
        of_commands = [a for a in parser._actions if isinstance(a, argparse._SubParsersAction)]
        return [parser, *(inner for a in of_commands for one in a.choices.values() for inner in parsers(one))]

    return [parser for room in ROOMS for parser in parsers(room.parser(NAME))]


def is_of_steps(parser: argparse.ArgumentParser) -> bool:
    """Whether it takes other commands: it has no language of its own."""
    return any(isinstance(action, argparse._SubParsersAction) for action in parser._actions)


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


def test_names_with_letters_work_where_the_system_says_that_there_are_none(sample_store: Path, tmp_path: Path) -> None:
    store = own_copy(sample_store, tmp_path / "työpöytä" / "säilö", cells=False)
    ascii_alone = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii"}
    done = subprocess.run(
        [sys.executable, "-m", "tilannekuva", "history", "--store", str(store)],
        env=os.environ | ascii_alone, capture_output=True, text=True, cwd=ROOT, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert "asiointeja 12" in done.stdout


def test_a_name_that_is_not_in_utf8_is_told(sample_store: Path, tmp_path: Path) -> None:
    """What opens stores does not know such names; the program has no fault then."""
    store = own_copy(sample_store, tmp_path / "store", cells=False)
    named = store.rename(tmp_path / os.fsdecode(b"s\xe4il\xf6"))
    done = subprocess.run(
        [sys.executable, "-m", "tilannekuva", "history", "--lang", "en", "--store", str(named)],
        capture_output=True, text=True, cwd=ROOT, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (2, texts("en")("cli.name_undecoded") + "\n")
