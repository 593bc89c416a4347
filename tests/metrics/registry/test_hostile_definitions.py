"""Definitions of a stranger: nothing that reaches a person, loosens what protects one or leaves the folder is ever taken."""

from __future__ import annotations

import os
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from data.refusal import refusal_text
from data.texts import LANGUAGES, texts
from metrics.model.definition import DefinitionsError, definitions
from metrics.registry import folder as reading
from metrics.registry.errors import RegistryError
from metrics.registry.folder import read_registry
from tests.metrics.registry.conftest import ABOUT, folder_of, own, phone_share, started_in_90

SHARE = "phone_share"
NUMERATOR = "\"channel = 'phone'\""


def measure(text: str) -> Callable[[str], str]:
    return lambda whole: whole.replace(NUMERATOR, f'"{text}"')


def put(old: str, new: str) -> Callable[[str], str]:
    def edit(whole: str) -> str:
        assert old in whole
        return whole.replace(old, new, 1)

    return edit


SECOND = """[[changes]]
version = 2
date = "2026-01-01"
what = { fi = "aa", sv = "bb", en = "cc" }

[[changes]]
version = 1"""


def _second(text: str) -> str:
    return text[: text.rindex("[[changes]]")].replace("version = 3", "version = 2", 1)


def _count(text: str) -> str:
    return re.sub(r"(?s)\[measure\].*?\n\n", '[measure]\nkind = "count"\n\n', text, count=1)


ATTACKS: dict[str, tuple[Callable[[str], str], str]] = {
    "one client": (measure("client = 17"), "client"),
    "the same between brackets": (measure("identified) OR (client = 17"), "cannot read"),
    "a bracket that closes the filter": (measure("identified), 0) + (identified"), "cannot read"),
    "the rest in a comment": (measure("identified -- "), "cannot read"),
    "the rest in a long comment": (measure("identified /* "), "cannot read"),
    "a function": (measure("channel(identified)"), "cannot read"),
    "two statements": (measure("identified; DROP TABLE client"), "cannot read"),
    "a query": (measure("channel = (SELECT 1)"), "is missing"),
    "arithmetic": (measure("topic_count * 3 > 7"), "cannot read"),
    "a long number": (measure("topic_count = 99999999999"), "cannot read"),
    "a language": (measure("language = 'so'"), "tells who"),
    "a group of languages": (measure("language_group = 'national'"), "tells who"),
    "no other language": (measure("NOT language IN ('so', 'ar')"), "tells who"),
    "a municipality": (measure("channel = 'phone' AND municipality = '049'"), "tells who"),
    "a service point": (measure("service_point = 'x'"), "tells who"),
    "sex": (measure("sex = 'female'"), "tells who"),
    "an age": (measure("age_band = '35_44'"), "tells who"),
    "an hour": (measure("hour = '09'"), "tells who"),
    "a topic": (measure("topic_group = 'daily_life'"), "no definition of the program counts by"),
    "one day": (measure("wait_days = 17"), "may be compared with"),
    "a window": (measure("wait_days > 14 AND wait_days <= 21"), "one number at most"),
    "between": (measure("wait_days BETWEEN 14 AND 14"), "no between"),
    "a list of days": (measure("wait_days IN (1, 2, 3)"), "one number at most"),
    "a number as text": (measure("wait_days = '37'"), "has no codes"),
    "numbers as texts": (measure("wait_days IN ('31', '33', '37')"), "has no codes"),
    "a window of texts": (measure("wait_days >= '7' AND wait_days < '99'"), "has no codes"),
    "a day between brackets": (measure("(wait_days) = 37"), "brackets hold whole conditions"),
    "a day after a number": (measure("37 = (wait_days)"), "brackets hold whole conditions"),
    "days between brackets": (measure("(wait_days) IN (31, 33)"), "brackets hold whole conditions"),
    "a window over two parts": (
        lambda whole: put("known = ", 'known = "wait_days >= 28"\n#')(measure("wait_days < 30")(whole)),
        "in all parts",
    ),
    "a day that there is not": (put('reviewed = "2026-11-20"', 'reviewed = "2026-13-45"'), "reviewed"),
    "a day of other digits": (put('date = "2026-11-20"', 'date = "२०२६-११-२०"'), "date"),
    "a terminal's words in a key": (put("[measure]", '"\\u001b]0;PWN\\u0007\\u202e" = 1\n\n[measure]'), "PWN"),
    "two columns": (measure("wait_days = topic_count"), "may be compared with"),
    "cases": (measure("CASE WHEN identified THEN joint ELSE false END"), "no case"),
    "the same many times": (measure(" OR ".join(f"channel = '{c}'" for c in ("phone", "video") * 9)), "no more"),
    "a small group step by step": (
        measure("joint AND newcomer AND outside_home AND one_stop AND sent AND identified AND answered"),
        "as no definition of the program counts",
    ),
    "another code": (measure("channel = 'video'"), "ok"),
    "another list": (measure("channel IN ('phone', 'video')"), "ok"),
    "a few more": (
        measure("channel IN ('phone', 'video') OR (channel = 'message' AND resolution = 'referred')"),
        "as no definition of the program counts",
    ),
    "all but a few": (measure("channel <> 'message'"), "as no definition of the program counts"),
    "those of another": (measure("joint AND channel_known"), "as no definition of the program counts"),
    "another whole": (
        put("known = ", 'denominator = "resolution_known"\nknown = '),
        "as no definition of the program counts",
    ),
    "no condition": (measure("topic_count"), "as no definition of the program counts"),
    "deep": (measure("(" * 5000 + "identified" + ")" * 5000), "brackets"),
    "unknown answers hidden": (put("known = ", "known_from = 0\nknown = "), "known_from"),
    "a threshold": (put("[measure]", "[measure]\nshown_from = 1"), "shown_from"),
    "a breakdown there is none of": (put("[measure]", 'dimensions = ["client"]\n\n[measure]'), "client"),
    "texts that fill the memory": (put('fi = "Puhelimessa hoidetut"', 'fi = "{base:99999999999}"'), "threshold"),
    "texts that look inside": (put('fi = "Puhelimessa hoidetut"', 'fi = "{base.__class__}"'), "threshold"),
    "a link in a name": (put('fi = "Puhelimessa hoidetut"', 'fi = "[tästä](https://x.example)"'), "plain text"),
    "markup in a name": (put('fi = "Puhelimessa hoidetut"', 'fi = "<img src=x onerror=alert(1)>"'), "plain text"),
    "a terminal's words": (put('fi = "Puhelimessa hoidetut"', 'fi = "\\u001b[2Jhei"'), "plain text"),
    "turned round": (put('fi = "Puhelimessa hoidetut"', 'fi = "hei \\u202e"'), "plain text"),
    "the name of another": (put('fi = "Puhelimessa hoidetut"', 'fi = "asiakkaat"'), "has it"),
    "what looks like the name of another": (
        put('fi = "Puhelimessa hoidetut"', 'fi = "\u0410siakkaat"'),
        "another script",
    ),
    "a word of questions": (put('fi = "Puhelimessa hoidetut"', 'fi = "Viime vuonna"'), "means something else"),
    "a part of itself": (put("[measure]", 'part_of = "phone_share"\n\n[measure]'), "part of itself"),
    "nobody's": (lambda whole: re.sub(r"authors = .*\n", "", whole), "authors"),
    "not reviewed": (lambda whole: re.sub(r"review.* = .*\n", "", whole), "review"),
    "two versions": (put("[[changes]]\nversion = 1", SECOND), "versions must grow"),
    "no TOML": (lambda _: "id = ", "phone_share.toml"),
    "endless brackets": (lambda _: "a = " + "[" * 9000, "phone_share.toml"),
    "another id": (put('id = "phone_share"', 'id = "../clients"'), "id"),
}


@pytest.mark.parametrize("name", ATTACKS)
def test_what_a_new_definition_may_not_say(name: str, tmp_path: Path) -> None:
    edit, said = ATTACKS[name]
    before = definitions()
    folder = folder_of(tmp_path / "r", phone_share=edit(phone_share()), referral_started_share=started_in_90())
    if said == "ok":
        read_registry(folder)
    else:
        with pytest.raises(DefinitionsError) as found:
            read_registry(folder)
        assert said in "\n".join(found.value.lines), found.value.lines
        assert all(line.isprintable() for line in found.value.lines)
    assert definitions() is before


CHANGED: dict[str, tuple[str, Callable[[str], str], str]] = {
    "a total": ("clients", put('where = "identified"', 'where = "joint"'), "other figures stand"),
    "the same version": ("remote_share", put("'phone', ", ""), "counted otherwise by the program"),
    "an earlier version": ("referral_days", _second, "the program has"),
    "another fact": ("warm_share", put('fact = "referral"', 'fact = "encounter"'), ""),
    "another kind": ("minutes_median", _count, "must be as in"),
    "finer steps": ("minutes_median", put("[0, 5, 10,", "[0, 1, 2, 3, 4, 5, 10,"), "no such grid"),
    "the extremes": ("minutes_median", put("quantiles = [0.5]", "quantiles = [0.01]"), "quantiles"),
    "staff by language": ("encounters_per_person_year", put('["service_point"]', '["service_point", "language"]'), "broken down"),
    "no whole above": ("outreach_share", lambda text: re.sub(r"part_of = .*\n", "", text), "part_of"),
    "without its breakdown": ("flow", lambda text: re.sub(r"requires = .*\n", "", text), "requires"),
    "another column": ("minutes_median", put('value = "minutes"', 'value = "topic_count"'), "no column"),
    "a weight": ("interpreting_need_hours", put('weight = "minutes"', 'weight = "wait_days"'), "no column"),
}  # fmt: skip


@pytest.mark.parametrize("name", CHANGED)
def test_what_one_of_the_programs_may_not_become(name: str, tmp_path: Path) -> None:
    metric, edit, said = CHANGED[name]
    with pytest.raises(DefinitionsError) as found:
        read_registry(folder_of(tmp_path / "r", **{metric: edit(own(metric))}))
    assert said in "\n".join(found.value.lines), found.value.lines


def test_there_are_few_lists_of_a_column(tmp_path: Path) -> None:
    lists = ["'phone', 'video'", "'phone', 'message'", "'video', 'message'", "'phone', 'group'"]
    texts = {f"share_{number}": phone_share().replace("phone_share", f"share_{number}") for number in range(4)}
    texts = {
        name: re.sub(
            r'fi = "Puhelimessa hoidetut".*\n.*\n.*\n',
            f'fi = "Kanava {name[-1]}"\nsv = "Kanal {name[-1]}"\nen = "Way {name[-1]}"\n',
            text,
        )
        for name, text in texts.items()
    }
    said = {
        name: text.replace("= 'phone'", f"IN ({one})") for (name, text), one in zip(texts.items(), lists, strict=True)
    }
    with pytest.raises(DefinitionsError, match=r"encounter\.channel: at most 3 lists"):
        read_registry(folder_of(tmp_path / "four", **said))
    read_registry(folder_of(tmp_path / "three", **dict([*said.items()][:3])))
    codes = ("phone", "video", "message", "group")
    said = {name: text.replace("'phone'", f"'{one}'") for (name, text), one in zip(texts.items(), codes, strict=True)}
    read_registry(folder_of(tmp_path / "codes", **said))


def test_what_the_program_has_may_be_handed_on(tmp_path: Path) -> None:
    every = {metric: own(metric) for metric in definitions()}
    found = read_registry(folder_of(tmp_path / "r", **every, phone_share=phone_share()))
    assert found.known.keys() == {*definitions(), "phone_share"}


def zipped(path: Path, *members: tuple[str, str]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, text in members:
            file.writestr(name, text)
    return path


def refused(path: Path) -> str:
    with pytest.raises(RegistryError) as found:
        read_registry(path)
    for lang in LANGUAGES:
        assert refusal_text(found.value, texts(lang)).replace("\n", "").isprintable()
    return found.value.reason


def test_what_lies_in_no_folder_of_definitions(tmp_path: Path) -> None:
    good = ("r/registry.toml", ABOUT), ("r/phone_share.toml", phone_share())
    assert set(read_registry(zipped(tmp_path / "good.zip", ("r/README.md", "x"), *good)).known) == {"phone_share"}
    assert refused(tmp_path / "nowhere") == "not_there"
    for bad in ("../phone_share.toml", "/etc/phone_share.toml", "r/../../x.toml", "r\\..\\x.toml", "C:/x.toml", "r/A.toml",
                "r/\x1b[2J.toml"):  # fmt: skip
        assert refused(zipped(tmp_path / "bad.zip", *good, (bad, phone_share()))) == "name", bad
    assert refused(zipped(tmp_path / "two.zip", *good, ("s/clients.toml", own("clients")))) == "two_folders"
    assert refused(zipped(tmp_path / "bomb.zip", *good, ("r/clients.toml", "#" * 50_000_000))) == "too_large"
    assert refused(zipped(tmp_path / "many.zip", *good, *((f"r/m{i}.toml", "") for i in range(300)))) == "too_many"
    (tmp_path / "torn.zip").write_bytes((tmp_path / "good.zip").read_bytes()[:-30])
    assert refused(tmp_path / "torn.zip") == "damaged"
    for packing in (zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2):
        with zipfile.ZipFile(tmp_path / "torn.zip", "w", packing) as file:
            for name, text in good:
                file.writestr(name, text)
        content = bytearray((tmp_path / "torn.zip").read_bytes())
        content[120:160] = b"?" * 40
        (tmp_path / "torn.zip").write_bytes(content)
        assert refused(tmp_path / "torn.zip") == "damaged", packing
    os.mkfifo(tmp_path / "pipe.zip")
    assert refused(tmp_path / "pipe.zip") == "damaged"
    (tmp_path / "text.zip").write_text("no zip")
    assert refused(tmp_path / "text.zip") == "damaged"
    assert refused(zipped(tmp_path / "x.zip", good[1])) == "no_about"
    assert refused(zipped(tmp_path / "x.zip", ("registry.toml", 'name = "a"\n'))) == "about"
    assert refused(zipped(tmp_path / "x.zip", ("registry.toml", 'name = "[a](b)"\nversion = "1"\n'))) == "about"
    assert refused(zipped(tmp_path / "x.zip", ("registry.toml", ABOUT))) == "none"


@pytest.mark.skipif(os.name != "posix", reason="links and devices of Unix")
def test_a_folder_that_leads_out_of_itself(tmp_path: Path) -> None:
    (tmp_path / "outside.toml").write_text(phone_share(), encoding="utf-8")
    linked = folder_of(tmp_path / "linked")
    (linked / "phone_share.toml").symlink_to(tmp_path / "outside.toml")
    assert refused(linked) == "linked"
    piped = folder_of(tmp_path / "piped")
    os.mkfifo(piped / "phone_share.toml")
    assert refused(piped) == "linked"
    whole = folder_of(tmp_path / "large", phone_share="#" * (reading.MOST_BYTES + 1))
    assert refused(whole) == "too_large"
    (folder_of(tmp_path / "deep", phone_share=phone_share()) / "more").mkdir()
    (tmp_path / "deep" / "more" / "clients.toml").write_text("broken")
    assert set(read_registry(tmp_path / "deep").known) == {"phone_share"}
