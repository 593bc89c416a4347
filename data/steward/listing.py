"""Targets and notes as lines of text or JSON, with everything that was ever written; `*` marks what is in force."""

import json
from collections.abc import Sequence

from data.clock import minute_of
from data.codes import code_list
from data.steward.targets_and_notes import WHOLE_AREA, Note, Target
from data.store.ledger import in_force
from data.texts import message


def show(history: Sequence[Target | Note], lang: str, *, as_json: bool) -> int:
    """Print them, oldest first; returns the exit code."""
    # By identity: the same may have been written twice in a second.
    current = {id(line) for line in in_force(history)}
    marked = [(line, id(line) in current) for line in history]
    if as_json:
        lines = [{**line.model_dump(mode="json"), "in_force": is_in_force} for line, is_in_force in marked]
        print(json.dumps(lines, ensure_ascii=False, indent=1))
        return 0
    for line, is_in_force in marked:
        print(_text(line, "*" if is_in_force else " ", lang))
    return 0


def _text(line: Target | Note, mark: str, lang: str) -> str:
    place = (
        message("steward.everywhere", lang)
        if line.municipality == WHOLE_AREA
        else code_list("municipality").label(line.municipality, lang)
    )
    said = f"{line.metric} {line.year}: {line.value:g}" if isinstance(line, Target) else f"{line.day}: {line.text}"
    when = minute_of(line.time)
    return f"{mark} {when}  {message(f'steward.{line.what}', lang)}  {place}  {said}"
