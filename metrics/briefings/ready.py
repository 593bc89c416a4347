"""Ready-made briefings of the project, from files in `ready/`; their periods follow the data."""

import tomllib
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from metrics.briefings.slide import PLACE, Slide

FOLDER = Path(__file__).parent / "ready"
ORDER = ("month", "budget", "municipality", "centre")


class ReadyMade(BaseModel):
    """A ready-made briefing: title and purpose in three languages, and its slides."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: dict[str, str]
    purpose: dict[str, str]
    slides: tuple[Slide, ...] = Field(min_length=1, alias="slide")

    @property
    def needs_municipality(self) -> bool:
        """Whether the briefing is about one municipality, which must be chosen."""
        return any(code == PLACE for slide in self.slides for _, code in slide.where)


@cache
def ready_made() -> dict[str, ReadyMade]:
    """Return the ready-made briefings by id, in the order they are offered."""
    return {name: ReadyMade.model_validate(tomllib.loads(_text(name))) for name in ORDER}


def _text(name: str) -> str:
    return (FOLDER / f"{name}.toml").read_text(encoding="utf-8")
