"""Settings of reports: what is not clear or not safe is refused by its place, and no value is repeated."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from data.texts import LANGUAGES, texts
from pages.access.settings import NAMED
from pages.sending.settings import FOLDER, ReportList, SendingError, read, reports
from pages.view.sentences import refusal_text

MAIL: dict[str, Any] = {"server": "smtp.kunta.fi", "from": "tilannekuva@kunta.fi"}


def test_what_is_given_is_read() -> None:
    found = read(
        {**MAIL, "lists": [{"name": "johto", "lang": "sv", "area": "Esbo", "to": ["a.b@kunta.fi"]}]}, Path("out")
    )
    assert (found.mail is not None and found.mail.port, found.mail and found.mail.security) == (587, "starttls")
    assert found.lists[0].place == ("municipality", "049")
    assert found.is_wanted


def test_nothing_goes_out_unless_somebody_says_where() -> None:
    assert not read({}).is_wanted
    assert not read(MAIL).is_wanted
    assert not read({**MAIL, "lists": [{"name": "johto"}]}).is_wanted
    assert read({}, Path("out")).lists == (ReportList(),)


@pytest.mark.parametrize(
    ("wrong", "place"),
    [
        ({"server": "smtp.kunta.fi"}, "[reports] from"),
        ({**MAIL, "security": "none"}, "[reports] security"),
        ({**MAIL, "server": "127.0.0.1", "security": "none", "user": "x"}, "[reports] security"),
        ({**MAIL, "security": "ssl"}, "[reports] security"),
        ({**MAIL, "port": 0}, "[reports] port"),
        ({**MAIL, "server": "smtp\r\nHELO"}, "[reports] server"),
        ({**MAIL, "from": "a@b.fi\nBcc: hidden@x.fi"}, "[reports] from"),
        ({**MAIL, "pasword": "hidden"}, "[reports] pasword"),
        ({"lists": [{"to": ["hidden@x.fi"]}]}, "[reports] server"),
        ({**MAIL, "lists": [{"name": "../hidden"}]}, "[[reports.lists]] 1: name"),
        ({**MAIL, "lists": [{"name": "a"}, {"name": "a"}]}, "[[reports.lists]]: name"),
        ({**MAIL, "lists": [{"area": "hidden"}]}, "[[reports.lists]] 1: area"),
        ({**MAIL, "lists": [{"lang": "de"}]}, "[[reports.lists]] 1: lang"),
        ({**MAIL, "lists": [{"format": "exe"}]}, "[[reports.lists]] 1: format"),
        *(
            ({**MAIL, "lists": [{"to": [address]}]}, "[[reports.lists]] 1: to")
            for address in (
                "hidden", "hidden@x.fi\r\nBcc: b@x.fi", "hidden@x.fi ", "a@b.fi,hidden@x.fi", "Secret <a@b.fi>", "ä@b.fi",
                "hidden@x.fi>", "", "hidden@x.fi\x00", "@hidden.fi", "hidden@", "hidden@x.fi\n",
            )
        ),
    ],
)  # fmt: skip
def test_what_is_not_clear_or_not_safe_is_refused_by_its_place(wrong: dict[str, Any], place: str) -> None:
    with pytest.raises(SendingError) as error:
        read(wrong)
    assert error.value.params == {"place": place}
    assert all("hidden" not in refusal_text(error.value, texts(lang)) for lang in LANGUAGES)


def test_a_password_is_in_no_text_of_the_settings() -> None:
    found = read({**MAIL, "user": "x", "password": "hidden", "lists": [{"to": ["a@b.fi"]}]})
    assert "hidden" not in f"{found!r} {found} {found.model_dump()}"


def test_settings_stand_beside_those_of_sign_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "secrets.toml"
    file.write_text('[reports]\nserver = "smtp.kunta.fi"\nfrom = "t@kunta.fi"\n[[reports.lists]]\nto = ["a@b.fi"]\n')
    monkeypatch.setenv(NAMED, str(file))
    monkeypatch.setenv(FOLDER, str(tmp_path))
    assert reports().lists[0].to == ("a@b.fi",)
    assert reports().folder == tmp_path
    for content in ("[reports", 'reports = "x"'):
        file.write_text(content)
        with pytest.raises(SendingError) as error:
            reports()
        assert error.value.reason == "unreadable"
