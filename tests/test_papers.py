"""The papers of the project agree with each other: version, licence, publiccode.yml, changelog, what people are told to type."""

from __future__ import annotations

import re
import tomllib
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field, HttpUrl, StringConstraints

from data.texts import LANGUAGES
from tests.conftest import ROOT
from tests.test_architecture import tracked
from tests.yaml_files import read_yaml

PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PROJECT = PYPROJECT["project"]
Strict = ConfigDict(extra="forbid")


class Description(BaseModel):
    model_config = Strict
    genericName: Annotated[str, StringConstraints(max_length=35)]  # noqa: N815
    shortDescription: Annotated[str, StringConstraints(min_length=1, max_length=150)]  # noqa: N815
    longDescription: Annotated[str, StringConstraints(min_length=150, max_length=10_000)]  # noqa: N815
    features: Annotated[list[str], Field(min_length=1)]
    screenshots: list[Path]


class Audience(BaseModel):
    model_config = Strict
    countries: list[Literal["FI"]]
    scope: list[Literal["local-authorities", "welfare", "employment", "society"]]


class Localisation(BaseModel):
    model_config = Strict
    localisationReady: bool  # noqa: N815
    availableLanguages: list[str]  # noqa: N815


class Legal(BaseModel):
    model_config = Strict
    license: str
    mainCopyrightOwner: str  # noqa: N815


class Contact(BaseModel):
    model_config = Strict
    name: str


class Maintenance(BaseModel):
    model_config = Strict
    type: Literal["internal", "community"]
    contacts: Annotated[list[Contact], Field(min_length=1)]


class PublicCode(BaseModel):
    """What of the standard (0.4) the file uses: mandatory keys, allowed values, lengths."""

    model_config = Strict
    publiccodeYmlVersion: Literal["0.4"]  # noqa: N815
    name: str
    url: HttpUrl
    softwareVersion: str  # noqa: N815
    releaseDate: date  # noqa: N815
    developmentStatus: Literal["concept", "development", "beta", "stable", "obsolete"]  # noqa: N815
    softwareType: Literal["standalone/web"]  # noqa: N815
    platforms: Annotated[list[Literal["web", "linux", "windows", "mac"]], Field(min_length=1)]
    categories: list[Literal["business-intelligence", "data-analytics", "data-visualization", "digital-citizenship"]]
    intendedAudience: Audience  # noqa: N815
    localisation: Localisation
    legal: Legal
    maintenance: Maintenance
    dependsOn: dict[Literal["open"], list[dict[Literal["name", "versionMin"], str]]]  # noqa: N815
    description: dict[str, Description]


@pytest.fixture(scope="module")
def publiccode(tmp_path_factory: pytest.TempPathFactory) -> PublicCode:
    return PublicCode.model_validate(read_yaml(ROOT / "publiccode.yml", tmp_path_factory.mktemp("publiccode")))


def test_publiccode_follows_the_standard_in_three_languages(publiccode: PublicCode) -> None:
    assert tuple(publiccode.description) == LANGUAGES
    assert tuple(publiccode.localisation.availableLanguages) == LANGUAGES
    shown = [path for one in publiccode.description.values() for path in one.screenshots]
    assert shown
    assert [path for path in shown if not (ROOT / path).is_file()] == []
    assert len({len(one.features) for one in publiccode.description.values()}) == 1


def test_version_date_and_licence_are_the_same_everywhere(publiccode: PublicCode) -> None:
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    released = re.findall(r"^## \[(\d+\.\d+\.\d+)\] - (\d{4}-\d\d-\d\d)$", changes, re.MULTILINE)
    assert released[0] == (PROJECT["version"], publiccode.releaseDate.isoformat())
    assert released == sorted(released, key=lambda one: tuple(map(int, one[0].split("."))), reverse=True)
    assert publiccode.softwareVersion == PROJECT["version"]
    minor = ".".join(PROJECT["version"].split(".")[:2])
    assert f"| {minor} | yes |" in (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    assert publiccode.legal.license == PROJECT["license"] == "EUPL-1.2"
    assert "SPDX-License-Identifier: EUPL-1.2\n" in (ROOT / "LICENSE").read_text(encoding="utf-8")


def test_the_wheel_is_built_by_the_backend_that_the_tests_have() -> None:
    assert set(PYPROJECT["build-system"]["requires"]) <= set(PROJECT["optional-dependencies"]["test"])


def test_the_changelog_keeps_its_form() -> None:
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    kinds = re.findall(r"^### (.+)$", changes, re.MULTILINE)
    assert set(kinds) <= {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}
    assert re.findall(r"^## .+$", changes, re.MULTILINE)[0] == "## [Unreleased]"


def test_people_are_told_the_command_that_works_everywhere() -> None:
    """`python -m data` needs the checkout as the current folder; `tilannekuva` is there installed and in the checkout."""
    texts = [name for name in tracked() if name.endswith((".po", ".toml")) and not name.startswith("tests/")]
    said = {name: (ROOT / name).read_text(encoding="utf-8") for name in texts}
    assert [name for name, text in said.items() if "python -m " in text] == []
