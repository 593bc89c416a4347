"""A zip of text tables: each of its CSV files is a sheet, called by its name in the zip. Nothing is unpacked to the disk."""

import io
import re
import stat
import zipfile
from pathlib import Path, PurePosixPath

from data.ingest.readers.csv_file import check_lines, csv_sheet
from data.ingest.readers.sheet import FileRefused, Sheet
from data.ingest.readers.unpacking import blocks, check_sizes, refusing

MOST_FILES = 100
"""Files in a zip that is loaded as one delivery."""

_ENDINGS = {".csv", ".txt", ".tsv"}
_OF_THE_MACHINE = re.compile(r"(?:.*/)?(?:__MACOSX/.*|\.DS_Store|Thumbs\.db|desktop\.ini)", re.IGNORECASE)


def read_zip(path: Path, file: str) -> tuple[Sheet, ...]:
    """A sheet for each file in the zip, in the order of their names.

    Raises FileRefused: `not_a_zip`, `password`, `too_large`, `zip_holds_other` (a workbook, a zip, a link, a name that leads
    elsewhere, the same name twice), `zip_of_many`, `empty_file`, and what a text is refused for.
    """
    with refusing(file, "not_a_zip"), zipfile.ZipFile(path) as archive:
        check_sizes(archive, file)
        members = [
            one for one in archive.infolist() if not one.is_dir() and not _OF_THE_MACHINE.fullmatch(one.filename)
        ]
        if len(members) > MOST_FILES:
            raise FileRefused(file, "zip_of_many", most=MOST_FILES)
        names = [member.filename for member in members]
        if len(set(names)) < len(names) or not all(_is_table(member) for member in members):
            raise FileRefused(file, "zip_holds_other")
        sheets = []
        for member in sorted(members, key=lambda one: one.filename):
            data = b"".join(blocks(archive, member))
            check_lines(io.BytesIO(data), file)
            sheets.append(csv_sheet(data, file, member.filename))
    if not sheets:
        raise FileRefused(file, "empty_file")
    return tuple(sheets)


def _is_table(member: zipfile.ZipInfo) -> bool:
    name = PurePosixPath(member.filename)
    inside = not name.is_absolute() and ".." not in name.parts and not set(member.filename) & {"\\", ":"}
    kind = stat.S_IFMT(member.external_attr >> 16)
    return inside and kind in (0, stat.S_IFREG) and name.suffix.lower() in _ENDINGS and member.filename.isprintable()
