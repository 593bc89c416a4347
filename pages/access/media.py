"""Files that sessions offer for download: nobody can work out their addresses, and they take no more memory than is bearable.

Streamlit names such a file by a plain hash of what is in it. So whoever guesses an exact table could ask for its address,
and would learn from the answer whether the guess is right. And it keeps each file that was made until a page is drawn: whoever
only asks for files, each of another second, would fill the memory.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import secrets
from typing import Any, Final

from streamlit.proto.BackMsg_pb2 import BackendOperationRequest
from streamlit.proto.ForwardMsg_pb2 import BackendOperationResponse, DeferredFileResponsePayload
from streamlit.runtime import memory_media_file_storage as storage
from streamlit.runtime.backend_operation_handler import DeferredFileHandler
from streamlit.runtime.media_file_storage import MediaFileKind, MediaFileStorageError

MOST_BYTES: Final = 300_000_000
"""Of all files that were made for download; those made first go first, and can be made again."""
_KEY = secrets.token_bytes(32)
_plain = storage._calculate_file_id
_load = storage.MemoryMediaFileStorage.load_and_get_id
_handle = DeferredFileHandler.handle


class NotHandedOutError(Exception):
    """A file is not handed out; its words are for whoever has asked for it."""


def keyed_id(data: bytes, mimetype: str, filename: str | None = None) -> str:
    """Return the name of a file: the same for the same file, as long as this process lives, and only known to it."""
    return hmac.new(_KEY, _plain(data, mimetype, filename).encode(), hashlib.sha256).hexdigest()


def key_addresses() -> None:
    """Name all files from now on by `keyed_id`."""
    storage._calculate_file_id = keyed_id


def bound_files() -> None:
    """Keep no more than MOST_BYTES of files from now on."""
    storage.MemoryMediaFileStorage.load_and_get_id = _load_and_bound  # type: ignore[method-assign]


def _load_and_bound(self: storage.MemoryMediaFileStorage, *given: Any, **named: Any) -> str:
    name = _load(self, *given, **named)
    made = [(one, file) for one, file in [*self._files_by_id.items()] if file.kind == MediaFileKind.DOWNLOADABLE]
    over = sum(len(file.content) for _, file in made) - MOST_BYTES
    for one, file in made:
        if over > 0 and one != name:
            self.delete_file(one)
            over -= len(file.content)
    return name


def tell_why_not() -> None:
    """Tell from now on, beside a button whose file is not handed out, why: Streamlit has one English sentence for all."""
    DeferredFileHandler.handle = _handle_and_tell  # type: ignore[method-assign]


async def _handle_and_tell(
    self: DeferredFileHandler, request: BackendOperationRequest, session_id: str
) -> BackendOperationResponse:
    wanted = request.deferred_file.file_id
    try:
        url = await asyncio.to_thread(self._get_media_file_mgr().execute_deferred, wanted)
    except MediaFileStorageError as error:
        why = error.__cause__
        if why is None:  # of a page that is gone
            return await _handle(self, request, session_id)
        if not isinstance(why, NotHandedOutError):
            raise
        return BackendOperationResponse(request_id=request.request_id, error_msg=str(why))
    return BackendOperationResponse(request_id=request.request_id, deferred_file=DeferredFileResponsePayload(url=url))
