"""A store of the sample municipality that is open to others, and a registry that counts one share otherwise and adds one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from data.sample.plan import make_plan
from data.sample.publish import publish
from data.store.releases import open_to_others
from data.store.store import Store
from metrics.model.definition import FOLDER, put_in_force

ABOUT = 'name = "Kansallinen mittaristo"\nversion = "2026.11"\n'
REVIEWED = 'authors = ["KEHA-keskus"]\nreviewer = "Työryhmä"\nreviewed = "2026-11-20"\n'
CHANGE = """
[[changes]]
version = 4
date = "2026-11-20"
what = { fi = "Aikaa on 90 päivää", sv = "Tiden är 90 dagar", en = "The time is 90 days" }
"""


def own(metric: str) -> str:
    """The program's own definition, as somebody outside hands it on."""
    text = (FOLDER / f"{metric}.toml").read_text(encoding="utf-8")
    return re.sub(r"^(version = \d+\n)", rf"\1{REVIEWED}", text, count=1, flags=re.MULTILINE)


def started_in_90() -> str:
    """Version 4 of the share of referrals whose service started."""
    text = own("referral_started_share").replace("version = 3\nauthors", "version = 4\nauthors")
    return text.replace("start_days <= 30", "start_days <= 90").replace('"mature_30"', '"mature_90"') + CHANGE


def phone_share() -> str:
    """A metric that the program does not have."""
    text = own("in_person_share").replace('id = "in_person_share"', 'id = "phone_share"')
    text = re.sub(r"channel IN \([^)]*\)", "channel = 'phone'", text)
    text = text.replace(
        "[name]\nfi =", '[name]\nfi = "Puhelimessa hoidetut"\nsv = "Skötta per telefon"\nen = "By phone"\n#'
    )
    text = re.sub(r"(?m)^#.*\n(sv|en) = .*\n(sv|en) = .*\n", "", text)
    text = re.sub(r"version = \d+\nauthors", "version = 1\nauthors", text)
    text = text[: text.index("[[changes]]")]
    return text + '[[changes]]\nversion = 1\ndate = "2026-11-20"\nwhat = { fi = "Uusi", sv = "Ny", en = "New one" }\n'


def folder_of(path: Path, about: str = ABOUT, **files: str) -> Path:
    """A folder of definitions by their ids."""
    path.mkdir(parents=True, exist_ok=True)
    (path / "registry.toml").write_text(about, encoding="utf-8")
    for name, text in files.items():
        (path / f"{name}.toml").write_text(text, encoding="utf-8")
    return path


@pytest.fixture(autouse=True)
def own_definitions_again() -> Iterator[None]:
    yield
    put_in_force(None)


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copy it before taking definitions."""
    store = Store(tmp_path_factory.mktemp("registry") / "store")
    publish(make_plan(3000, 5, date(2026, 10, 31)), store)
    open_to_others(store)
    return store.path
