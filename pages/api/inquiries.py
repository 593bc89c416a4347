"""Inquiries of programs, whichever way they come: bounds first, then the answer, and whatever happens one that can be read."""

from __future__ import annotations

import hashlib
import logging
from functools import partial

from data.refusal import Refusal, word_of
from data.version import version
from metrics.grammar.question import QuestionError
from metrics.model.definition import definitions, of_definitions
from pages.access import logs
from pages.api.bounds import Rates, Turns
from pages.api.call import Call
from pages.api.errors import ApiError
from pages.api.operation import Operation
from pages.api.reply import Reply, refused, written
from pages.api.visible import Visible, visible

log = logging.getLogger(__name__)


class Inquiries:
    """What is asked of a server by all who ask, within one set of bounds. All work is done in threads."""

    def __init__(self) -> None:
        self._rates, self._turns = Rates(), Turns()

    async def reply(self, operation: Operation, call: Call, sender: str) -> Reply:
        """Return the answer, or why there is none. sender: whose requests are counted together."""
        try:
            if seconds := self._rates.wait(sender):
                return refused(ApiError("too_many"), call, seconds)
            return await self._turns.take(partial(_answered, operation, call))
        except (ApiError, QuestionError) as refusal:
            return refused(refusal, call)


def _answered(operation: Operation, call: Call) -> Reply:
    """Answer in a thread. Raises ApiError, QuestionError, and nothing else."""
    try:
        call.check(operation.names)
        call.checked_lang()
        seen = visible(call)
        tag = tag_of(call, seen)
        if call.has(tag):
            return Reply(304, headers={"etag": tag})
        made = Reply(200, written(operation.make(call, seen)), operation.media(call), {"etag": tag})
        return Reply(304, headers={"etag": tag}) if call.has("*") else made
    except (ApiError, QuestionError):
        raise
    except (Refusal, OSError) as error:  # of the store: its words name files
        log.warning("open interface: %s", word_of(error))
        raise ApiError("unavailable") from None
    except Exception as error:  # nobody outside is to see a traceback
        log.error("open interface: %s", logs.told_of(error))
        raise ApiError("unforeseen") from None


def tag_of(call: Call, seen: Visible) -> str:
    """Return what changes when the answer may: the release, the definitions, the program, and what is asked.

    Weak, because the server may compress an answer on its way.
    """
    asked = [call.path, *map(repr, call.pairs), call.lang, call.headers.get("accept", ""), call.address]
    parts = [version(), _definitions_digest(), *seen.tokens, *asked]
    return f'W/"{hashlib.sha256(repr(parts).encode("utf-8", "replace")).hexdigest()[:32]}"'


@of_definitions
def _definitions_digest() -> str:
    told = "\n".join(one.model_dump_json() for one in definitions().values())
    return hashlib.sha256(told.encode()).hexdigest()
