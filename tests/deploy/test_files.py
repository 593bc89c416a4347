"""The files of deploy/, as far as a machine without containers can tell: what they name exists, what they promise holds."""

from __future__ import annotations

import configparser
import json
import re
import shutil
import subprocess
import tomllib
from fnmatch import fnmatch
from pathlib import Path
from secrets import token_urlsafe
from typing import Annotated, Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field

from data.version import version
from pages.access import settings
from pages.access.local_door import PATH
from pages.access.settings import AccessError
from tests.conftest import ROOT
from tests.test_architecture import tracked
from tests.yaml_files import read_yaml
from tilannekuva import running

DEPLOY = ROOT / "deploy"
CONTAINERFILE = (DEPLOY / "Containerfile").read_text(encoding="utf-8")
IGNORED = (DEPLOY / "Containerfile.dockerignore").read_text(encoding="utf-8")
NGINX = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
UNIT = (DEPLOY / "tilannekuva.service").read_text(encoding="utf-8")
EXAMPLES = ("secrets.entra.toml", "secrets.keycloak.toml")
PINNED = re.compile(r"^[a-z0-9.]+/[a-z0-9/-]+:\d+(\.\d+)+[a-z0-9.-]*$")


class _Model(BaseModel):
    """What the compose specification allows, as far as we use it: another word in the file is a mistake."""

    model_config = ConfigDict(extra="forbid")


Port = Annotated[str, Field(pattern=r"^\d+:\d+$")]
Volume = Annotated[str, Field(pattern=r"^[./\w-]+:/[\w/.-]+(:ro)?$")]
Size = Annotated[str, Field(pattern=r"^\d+[mg]$")]


class Build(_Model):
    context: str
    dockerfile: str


class Mounted(_Model):
    source: str
    target: str


class Needed(_Model):
    condition: Literal["service_started", "service_healthy", "service_completed_successfully"]


class Service(_Model):
    image: str
    build: Build | None = None
    command: list[str] = []
    environment: dict[str, str] = {}
    depends_on: dict[str, Needed] = {}
    ports: list[Port] = []
    secrets: list[Mounted] = []
    volumes: list[Volume] = []
    networks: list[str]
    read_only: Literal[True]
    tmpfs: list[str]
    cap_drop: list[Literal["ALL"]] = Field(min_length=1)
    security_opt: list[Literal["no-new-privileges:true"]] = Field(min_length=1)
    mem_limit: Size
    pids_limit: int
    restart: Literal["unless-stopped"]


class Network(_Model):
    internal: bool = False


class Secret(_Model):
    file: str


class Compose(_Model):
    name: str
    services: dict[Literal["app", "proxy"], Service]
    networks: dict[str, Network]
    volumes: dict[str, dict[str, str]]
    secrets: dict[str, Secret]


@pytest.fixture(scope="module")
def compose(tmp_path_factory: pytest.TempPathFactory) -> Compose:
    return Compose.model_validate(read_yaml(DEPLOY / "compose.yaml", tmp_path_factory.mktemp("compose")))


def test_only_the_proxy_can_be_reached(compose: Compose) -> None:
    app, proxy = compose.services["app"], compose.services["proxy"]
    assert app.ports == []
    assert {port.split(":")[1] for port in proxy.ports} == set(re.findall(r"listen (\d+)", NGINX))
    shared = set(app.networks) & set(proxy.networks)
    assert [compose.networks[name].internal for name in shared] == [True]


def test_what_the_services_name_is_there(compose: Compose) -> None:
    ignored = (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    for service in compose.services.values():
        assert set(service.networks) <= set(compose.networks)
        assert set(service.depends_on) <= set(compose.services)
        assert {one.source for one in service.secrets} <= set(compose.secrets)
        for source in (volume.split(":")[0] for volume in service.volumes):
            assert (DEPLOY / source).is_file() if source.startswith(".") else source in compose.volumes, source
    for secret in compose.secrets.values():  # whoever deploys puts them there, and nobody else ever sees them
        name = secret.file.removeprefix("./")
        assert f"deploy/{name}" not in tracked()
        assert any(line in ignored for line in (f"/deploy/{name}", f"/deploy/{name.rpartition('/')[0]}/")), name
    app = compose.services["app"]
    assert app.build is not None
    assert (DEPLOY / app.build.context / app.build.dockerfile).resolve() == DEPLOY / "Containerfile"
    mounted = {f"/run/secrets/{one.target}" for one in app.secrets}
    assert set(app.environment["STREAMLIT_SECRETS_FILES"].split()) == mounted
    of_proxy = {f"/run/secrets/{one.target}" for one in compose.services["proxy"].secrets}
    assert set(re.findall(r"(/run/secrets/\S+);", NGINX)) == of_proxy
    written = {volume.split(":")[1] for volume in app.volumes}
    assert written == set(json.loads(re.findall(r"^VOLUME (.*)$", CONTAINERFILE, re.MULTILINE)[0]))


def test_images_are_pinned_and_the_version_is_one(compose: Compose) -> None:
    own = f"tilannekuva:{version().partition('+')[0]}"
    assert [one.image for one in compose.services.values() if one.image != own and not PINNED.match(one.image)] == []
    assert compose.services["app"].image == own
    assert own in CONTAINERFILE
    bases = re.findall(r"^FROM (\S+)", CONTAINERFILE, re.MULTILINE)
    assert len(set(bases)) == 1
    assert PINNED.match(bases[0])


def test_the_command_of_the_container_is_one_of_ours(compose: Compose) -> None:
    (made,) = re.findall(r"^CMD (\[.*\])$", CONTAINERFILE, re.MULTILINE)
    for line in (compose.services["app"].command, json.loads(made)):
        options = running.parser("tilannekuva").parse_args(line)
        assert options.address == "0.0.0.0"
        assert options.no_browser


def steps() -> list[tuple[str, str]]:
    """Instructions of the Containerfile with what follows them."""
    joined = re.sub(r"\\\n\s*", "", re.sub(r"^\s*#.*\n", "", CONTAINERFILE, flags=re.MULTILINE))
    return [(word, rest) for word, _, rest in (line.strip().partition(" ") for line in joined.splitlines() if line)]


def test_the_container_is_made_of_locked_packages_and_of_nothing_from_the_network() -> None:
    words = [word for word, _ in steps()]
    assert "ADD" not in words
    assert "ARG" not in words
    runs = " ".join(rest for word, rest in steps() if word == "RUN")
    assert re.search(r"pip install [^&]*--require-hashes", runs)
    assert not re.search(r"curl|wget|apt-get|gcc|build-essential|git ", runs)


def test_the_container_runs_as_nobody_special() -> None:
    words = [word for word, _ in steps()]
    assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", next(rest for word, rest in steps() if word == "USER"))
    assert words.index("USER") > max(at for at, word in enumerate(words) if word in ("RUN", "COPY"))


def test_the_container_says_how_it_is(compose: Compose) -> None:
    check = next(rest for word, rest in steps() if word == "HEALTHCHECK")
    assert "/healthz" in check
    port = next(rest for word, rest in steps() if word == "EXPOSE")
    assert f", {port}," in check
    assert f"app:{port};" in NGINX
    code = json.loads(check.partition("CMD ")[2])[2]
    compile(code, "HEALTHCHECK", "exec")
    assert compose.services["proxy"].depends_on["app"].condition == "service_healthy"


def copied() -> list[str]:
    """What is copied into the container from the folder of the project."""
    lines = [rest.split() for word, rest in steps() if word == "COPY" and not rest.startswith("--from")]
    return [name for line in lines for name in line[:-1]]


def test_what_is_copied_exists_and_is_let_through() -> None:
    assert [name for name in copied() if not (ROOT / name).exists()] == []
    let_through = {line[1:] for line in IGNORED.splitlines() if line.startswith("!")}
    assert set(copied()) == let_through
    assert IGNORED.splitlines()[1] == "*"


def test_everything_the_app_is_made_of_is_copied_and_no_secret() -> None:
    needed = {
        name.split("/")[0]
        for name in tracked()
        if name.split("/")[0] in ("data", "metrics", "pages", "tilannekuva", "translations")
    }
    assert needed | {"app.py", ".streamlit/config.toml", "requirements.lock"} <= set(copied())
    left_out = [line.removeprefix("**/") for line in IGNORED.splitlines() if line.startswith("**/")]
    for name in ("secrets.toml", "store.keys", "000001.duckdb"):
        assert any(fnmatch(name, pattern) for pattern in left_out)


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_of_sign_in_works_when_filled_in_and_not_before(
    name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    text = (DEPLOY / name).read_text(encoding="utf-8")

    def read(said: str) -> settings.Sections:
        file = tmp_path / "secrets.toml"
        file.write_text(said, encoding="utf-8")
        monkeypatch.setattr("streamlit.get_option", lambda name: [str(file)])
        return settings._read()

    with pytest.raises(AccessError, match="auth"):
        read(text)
    auth, access = read(text.replace('"RANDOM"', f'"{token_urlsafe(48)}"'))
    assert settings.providers(auth) == ("default",)
    assert {rule.role for rule in access.rules} == {"steward", "developer", "manager"}
    assert str(auth["redirect_uri"]).endswith("/oauth2callback")


def test_the_service_keeps_to_itself() -> None:
    unit = configparser.RawConfigParser(strict=False, delimiters=("=",))
    unit.optionxform = str  # type: ignore[assignment, method-assign]
    unit.read_string(UNIT)
    service = dict(unit["Service"])
    assert service["User"] not in ("", "root")
    for name, value in {
        "ProtectSystem": "strict", "ProtectHome": "yes", "PrivateTmp": "yes", "NoNewPrivileges": "yes",
        "CapabilityBoundingSet": "", "UMask": "0077", "StateDirectoryMode": "0700",
    }.items():  # fmt: skip
        assert service[name] == value
    command = service["ExecStart"].replace("${TILANNEKUVA_NAME}", "tilannekuva.kunta.fi").split()
    assert Path(command[0]).name == "tilannekuva"
    assert running.parser("tilannekuva").parse_args(command[1:]).host == ["tilannekuva.kunta.fi"]


def test_systemd_understands_the_service() -> None:
    """Where there is no systemd, the test above has to do."""
    program = shutil.which("systemd-analyze")
    if program is None:
        return
    unit = str(DEPLOY / "tilannekuva.service")
    told = subprocess.run([program, "verify", unit], capture_output=True, text=True, timeout=60).stderr.splitlines()
    assert [line for line in told if unit in line and "is not executable" not in line] == []
    rated = [program, "security", "--offline=yes", "--threshold=20", unit]
    assert subprocess.run(rated, capture_output=True, timeout=60).returncode == 0


def test_the_proxy_keeps_nothing_and_opens_nothing() -> None:
    assert re.search(rf"location = {PATH} {{\s+return 404;", NGINX)
    assert "proxy_cache" not in NGINX
    assert "proxy_max_temp_file_size 0;" in NGINX
    logged = re.findall(r"log_format \w+ '(.*)';", NGINX)
    assert len(logged) == 1
    assert not re.search(r"remote_addr|args|request_uri|\$request\b|http_|cookie", logged[0])
    largest = int(re.findall(r"client_max_body_size (\d+)m;", NGINX)[-1])
    config = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    assert config["server"]["maxUploadSize"] < largest <= config["server"]["maxUploadSize"] + 10
