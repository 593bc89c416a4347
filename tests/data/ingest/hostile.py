"""Files made to harm whoever reads them: each function writes one into a folder and returns it."""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
from pyarrow import parquet

from tests.data.ingest.no_files import a_folder, a_pipe, endless_zeros, link_to_itself, link_to_zeros
from tests.data.ingest.packed import MAIN, ods_cell, sheet, spreadsheet, text_cell, workbook

Maker = Callable[[Path], Path]
SECRET = "131052-308T"
"""Stands in many of them, and may come out of none."""


def written(folder: Path, name: str, content: bytes) -> Path:
    """A file of these bytes."""
    path = folder / name
    path.write_bytes(content)
    return path


def far_cell(folder: Path) -> Path:
    """A workbook of 5 kB with one cell at the end of the sheet."""
    return workbook(
        folder, sheet(f'<row r="1">{text_cell("A1")}</row><row r="1048576">{text_cell("XFD1048576")}</row>')
    )


def far_cell_behind_blanks(folder: Path) -> Path:
    """The same with XML that a pattern for `r="XFD…"` does not see: blanks, a character reference, a prefix, UTF-16."""
    far = "<x:row r = '1048576'><x:c r = '&#88;FD1048576' t='inlineStr'><x:is><x:t>x</x:t></x:is></x:c></x:row>"
    text = f'<x:worksheet xmlns:x="{MAIN}"><x:sheetData><x:row r="1"><x:c r="A1"><x:v>1</x:v></x:c></x:row>{far}'
    return workbook(
        folder, f'<?xml version="1.0" encoding="utf-16"?>{text}</x:sheetData></x:worksheet>'.encode("utf-16")
    )


def far_cell_without_reference(folder: Path) -> Path:
    """Cells and rows that have no reference come one after the other: 16 000 columns, and as many rows as fit."""
    wide = "<c><v>1</v></c>" * 16_000
    return workbook(folder, sheet(f"<row>{wide}</row>" + "<row/>" * 200_000 + "<row><c><v>1</v></c></row>"))


def shared_strings_bomb(folder: Path) -> Path:
    """One long text, told of by a hundred thousand cells."""
    cells = "".join(
        f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c><c r="B{n}" t="s"><v>0</v></c></row>' for n in range(1, 100_000)
    )
    return workbook(folder, sheet(cells), f"<si><t>{'x' * 1_000_000}</t></si>")


def shared_strings_just_short_enough(folder: Path) -> Path:
    """The same with a text that a cell may hold."""
    cells = "".join(
        f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c><c r="B{n}" t="s"><v>0</v></c></row>' for n in range(1, 100_000)
    )
    return workbook(folder, sheet(cells), f"<si><t>{'x' * 32_000}</t></si>")


def merged_over_everything(folder: Path) -> Path:
    """Areas merged over the whole sheet, many times."""
    rows = f'<row r="1">{text_cell("A1")}{text_cell("B1")}</row><row r="2">{text_cell("A2")}{text_cell("B2")}</row>'
    areas = "".join(f'<mergeCell ref="A{n}:XFD1048576"/>' for n in range(1, 100_000))
    return workbook(folder, sheet(rows, f"<mergeCells>{areas}</mergeCells>"))


def merged_far_to_the_right(folder: Path) -> Path:
    """A header merged over columns, many times over."""
    rows = "".join(f'<row r="{n}">{text_cell(f"A{n}")}{text_cell(f"B{n}")}</row>' for n in range(1, 20_000))
    areas = "".join(f'<mergeCell ref="A1:B{n}"/>' for n in range(2, 60_000))
    return workbook(folder, sheet(rows, f"<mergeCells>{areas}</mergeCells>"))


def endless_formula(folder: Path) -> Path:
    """A formula of megabytes, and a name of a sheet that is no better."""
    formula = f'<row r="1"><c r="A1"><f>{"SUM(" * 1_000_000}</f><v>{SECRET}</v></c></row>'
    return workbook(folder, sheet(formula + f'<row r="2">{text_cell("A2")}</row>'))


def billion_laughs(folder: Path) -> Path:
    """Entities of entities of entities."""
    laughs = '<!ENTITY a0 "ha">' + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    return workbook(folder, sheet(f'<row r="1">{text_cell("A1", "&a11;")}</row>', before=f"<!DOCTYPE x [{laughs}]>"))


def billion_laughs_in_the_list_of_sheets(folder: Path) -> Path:
    """The same where a tree is made of the XML."""
    laughs = '<!ENTITY a0 "ha">' + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    return workbook(folder, sheet(""), book=f"<!DOCTYPE x [{laughs}]><workbook>&a11;</workbook>")


def outside_entity(folder: Path) -> Path:
    """An entity that stands for a file of the machine."""
    return workbook(
        folder,
        sheet(
            f'<row r="1">{text_cell("A1", "&e;")}</row>',
            before='<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>',
        ),
    )


def deep_xml(folder: Path) -> Path:
    """A million elements within each other."""
    return workbook(folder, sheet("<a>" * 1_000_000 + "</a>" * 1_000_000))


def zip_bomb(folder: Path) -> Path:
    """Two gigabytes of zeros in ten megabytes, as a CSV in a zip."""
    path = folder / "pommi.zip"
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        archive.open("a.csv", "w", force_zip64=True) as member,
    ):
        for _ in range(2_000):
            member.write(bytes(1 << 20))
    return path


def zip_in_zip(folder: Path) -> Path:
    """A zip in a zip in a zip."""
    inner = b"Tunnus;Asiakas\n1;2\n"
    for name in ("a.csv", "b.zip", "c.zip"):
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            archive.writestr(name, inner)
        inner = buffer.getvalue()
    return written(folder, "zipit.zip", inner)


def zip_of_thousands(folder: Path) -> Path:
    """More files than anybody delivers."""
    path = folder / "monta.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(9_000):
            archive.writestr(f"{number}.csv", b"a;b\n1;2\n")
    return path


def zip_that_leads_elsewhere(folder: Path) -> Path:
    """Names that would be written outside the folder."""
    path = folder / "polku.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("../../../outside.csv", b"Tunnus;Asiakas\n1;2\n")
    return path


def zip_of_links(folder: Path) -> Path:
    """A link to a file of the machine, called a CSV."""
    path = folder / "linkki.zip"
    link = zipfile.ZipInfo("a.csv")
    link.external_attr = 0o120777 << 16
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(link, "/etc/passwd")
    return path


def overlapping_zip(folder: Path) -> Path:
    """A directory in which a thousand names share the same packed bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.csv", b"a;b\n" + b"1;2\n" * 1_000_000)
        first = archive.infolist()[0]
        for number in range(99):
            copy = zipfile.ZipInfo(f"{number}.csv")
            for field in ("header_offset", "compress_size", "file_size", "CRC", "compress_type", "external_attr"):
                setattr(copy, field, getattr(first, field))
            archive.filelist.append(copy)
    return written(folder, "paallekkain.zip", buffer.getvalue())


def ods_repeated(folder: Path) -> Path:
    """One cell that says that it stands everywhere."""
    return spreadsheet(
        folder, f'<table:table-row table:number-rows-repeated="1048576">{ods_cell("x", 16_384)}</table:table-row>'
    )


def one_line(folder: Path, size: int = 200_000_000) -> Path:
    """A text of one line."""
    return written(folder, "rivi.csv", b"Tunnus;Asiakas\n" + b"x" * size)


def one_line_of_separators(folder: Path) -> Path:
    """A line of a million empty cells, and short rows under it."""
    return written(folder, "erottimet.csv", b"a;b" + b";" * 1_000_000 + b"\n" + b"1;2\n" * 100_000)


def wide_header(folder: Path) -> Path:
    """A header of as many columns as there may be, and rows that a reader would fill up to it."""
    header = ";".join(f"a{number}" for number in range(10_000))
    return written(folder, "leve.csv", header.encode() + b"\n" + b"1;2\n" * 200_000)


def quotes(folder: Path) -> Path:
    """Nothing but quotation marks."""
    return written(folder, "lainaus.csv", b"Tunnus;Asiakas\n" + b'"' * 20_000_001)


def quotes_and_lines(folder: Path) -> Path:
    """Quotation marks that open and never close, line by line."""
    return written(folder, "lainaukset.csv", b"Tunnus;Asiakas;Pvm\n" + b'"";"";"x""\n' * 2_000_000)


def broken_rows(folder: Path) -> Path:
    """Rows of many cells under a header of two."""
    return written(folder, "liikaa.csv", b'Tunnus;"Asiakas"\n' + (b";" * 10_000 + b'x"\n') * 1_000)


def nul_bytes(folder: Path, size: int = 100_000_000) -> Path:
    """A gap in a file, which takes no room on the disk."""
    path = written(folder, "nolla.csv", b"Tunnus;Asiakas\n")
    os.truncate(path, size)
    return path


def lone_surrogates(folder: Path) -> Path:
    """Bytes of three encodings in one file."""
    return written(folder, "merkit.csv", b"\xff\xfeT;A\n\xed\xa0\x80;\x81\x8d\n" + b"\xd8\x00" * 5_000)


def letters_before_at(folder: Path, letters: int = 30_000) -> Path:
    """Letters, and at their end the sign of an e-mail address."""
    rows = [
        b"Tunnus;Asiakas;Pvm;Aihe;Huomio",
        *(b"K%d;A1;3.2.2025;Ty\xc3\xb6;" % n + b"a" * letters + b"@" for n in range(20)),
    ]
    return written(folder, "kirjaimet.csv", b"\n".join(rows))


def digits_everywhere(folder: Path) -> Path:
    """What nearly is a phone number or an identity code, over and over."""
    cells = [b"puh" * 3_000, b"+1 " * 3_000, b"131052-308U " * 800, b"0 4 0 " * 1_600, b"(at)" * 2_400, b"a@" * 4_900]
    rows = [
        b"Tunnus;Asiakas;Pvm;Aihe;Huomio",
        *(b"K%d;A1;3.2.2025;Ty\xc3\xb6;" % n + cell for n, cell in enumerate(cells * 5)),
    ]
    return written(folder, "numerot.csv", b"\n".join(rows))


def px(folder: Path, *, values: int = 600, cells: int | None = None, number: str = "1") -> Path:
    """A PX file of two variables with so many values each; `cells` when they are not as many as that makes."""
    lists = ",".join(f'"v{n}"' for n in range(values))
    text = f'CHARSET="ANSI";AXIS-VERSION="2013";STUB="Ikä";HEADING="Koko";VALUES("Ikä")={lists};VALUES("Koko")={lists};DATA='
    count = values * values if cells is None else cells
    return written(folder, "taulu.px", (text + f"{number} " * count + ";").encode("cp1252"))


def px_huge_product(folder: Path) -> Path:
    """Thirty variables of two hundred values: more cells than there are atoms, in 20 kB."""
    names = [f"m{n}" for n in range(30)]
    lists = ",".join(f'"{n}"' for n in range(200))
    text = 'CHARSET="ANSI";STUB=' + ",".join(f'"{n}"' for n in names) + ";"
    text += "".join(f'VALUES("{name}")={lists};' for name in names) + "DATA=1 2 3;"
    return written(folder, "tulo.px", text.encode())


def px_huge_product_with_keys(folder: Path) -> Path:
    """The same where rows of zeros may be left out."""
    names = [f"m{n}" for n in range(30)]
    lists = ",".join(f'"{n}"' for n in range(200))
    text = (
        'CHARSET="ANSI";STUB='
        + ",".join(f'"{n}"' for n in names)
        + ";"
        + "".join(f'KEYS("{n}")=VALUES;' for n in names)
    )
    text += "".join(f'VALUES("{name}")={lists};' for name in names) + "DATA=" + ",".join(['"1"'] * 30) + " 5;"
    return written(folder, "tulo2.px", text.encode())


def px_many_values(folder: Path) -> Path:
    """A variable of five thousand values, each of which is asked whether it is the total."""
    lists = ",".join(f'"v{n}"' for n in range(5_000))
    text = (
        f'CHARSET="ANSI";STUB="Ikä";HEADING="Vuosi";VALUES("Ikä")={lists};VALUES("Vuosi")="2024";DATA='
        + "1 " * 5_000
        + ";"
    )
    return written(folder, "arvot.px", text.encode())


def px_of_blanks(folder: Path) -> Path:
    """Blanks and capitals where a keyword is looked for."""
    return written(folder, "tyhja.px", b"CHARSET=" + b'"a" ' + b" " * 300_000 + b"A" * 300_000)


def px_negative(folder: Path) -> Path:
    """A language table with fewer than no residents."""
    text = (
        'CHARSET="ANSI";STUB="Alue","Kieli";HEADING="Vuosi";VALUES("Alue")="Espoo";VALUES("Kieli")="arabia","somali";'
    )
    text += 'VALUES("Vuosi")="2024";CODES("Alue")="KU049";CODES("Kieli")="ar","so";DATA=-5 -99999999999999999999;'
    return written(folder, "miinus.px", text.encode())


def repeated(text: str, rows: int) -> pa.DictionaryArray:
    """A column of one text, which is kept once."""
    return pa.DictionaryArray.from_arrays(pa.repeat(pa.scalar(0, pa.int32()), rows), pa.array([text]))


def constant_parquet(folder: Path) -> Path:
    """Eight million rows of one value, in a few kilobytes."""
    path = folder / "vakio.parquet"
    column = repeated("x" * 20, 8_000_000)
    table = pa.table(dict.fromkeys(("Tunnus", "Asiakas", "Pvm", "Aihe"), column))
    parquet.write_table(table, path, store_schema=False)
    return path


def parquet_of_long_texts(folder: Path) -> Path:
    """A text of a megabyte, told of by every row."""
    path = folder / "pitka.parquet"
    parquet.write_table(pa.table({"Tunnus": repeated("x" * 1_000_000, 1_000), "b": ["y"] * 1_000}), path)
    return path


def parquet_of_lists(folder: Path) -> Path:
    """A list of twenty million numbers in one cell."""
    path = folder / "lista.parquet"
    lists = pa.ListArray.from_arrays(pa.array([0, 20_000_000]), pa.repeat(pa.scalar(1, pa.int8()), 20_000_000))
    parquet.write_table(pa.table({"Tunnus": ["a"], "Aihe": lists}), path)
    return path


def parquet_nested(folder: Path) -> Path:
    """Lists of lists of lists, and decimals."""
    path = folder / "sisakkain.parquet"
    deep = pa.array([[[[1]]]], pa.list_(pa.list_(pa.list_(pa.decimal128(38, 37)))))
    parquet.write_table(pa.table({"Tunnus": ["a"], "Aihe": deep}), path)
    return path


def parquet_of_many_columns(folder: Path) -> Path:
    """More columns than a spreadsheet has."""
    path = folder / "sarakkeet.parquet"
    parquet.write_table(pa.table({f"a{n}": [1] for n in range(20_000)}), path)
    return path


def damaged_parquet(folder: Path) -> Path:
    """A footer that has been written over."""
    path = constant_parquet(folder)
    content = bytearray(path.read_bytes())
    content[-600:-300] = b"\xff" * 300
    path.write_bytes(content)
    return path


def json_of_many_names(folder: Path) -> Path:
    """Every line an object with a name of its own: as many columns as rows."""
    return written(folder, "nimet.jsonl", b"".join(b'{"a%d": 1}\n' % n for n in range(50_000)))


def deep_json(folder: Path) -> Path:
    """Lists within lists."""
    return written(folder, "syva.jsonl", b'{"a": ' + b"[" * 400_000 + b"]" * 400_000 + b"}\n")


def long_number_in_json(folder: Path) -> Path:
    """A number of a hundred thousand digits."""
    return written(folder, "luku.jsonl", b'{"Tunnus": ' + b"9" * 100_000 + b', "Asiakas": 1}\n')


def ole_of_noise(folder: Path) -> Path:
    """The mark of an old workbook, and a directory of nonsense."""
    return written(folder, "vanha.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(range(256)) * 400)


FILES: tuple[Maker, ...] = (
    far_cell, far_cell_behind_blanks, far_cell_without_reference, shared_strings_bomb, shared_strings_just_short_enough,
    merged_over_everything, merged_far_to_the_right, endless_formula, billion_laughs, billion_laughs_in_the_list_of_sheets,
    outside_entity, deep_xml, zip_bomb, zip_in_zip, zip_of_thousands, zip_that_leads_elsewhere, zip_of_links, overlapping_zip,
    ods_repeated, one_line, one_line_of_separators, wide_header, quotes, quotes_and_lines, broken_rows, nul_bytes,
    lone_surrogates, letters_before_at, digits_everywhere, px, px_huge_product, px_huge_product_with_keys, px_many_values,
    px_of_blanks, px_negative, constant_parquet, parquet_of_long_texts, parquet_of_lists, parquet_nested,
    parquet_of_many_columns, damaged_parquet, json_of_many_names, deep_json, long_number_in_json, ole_of_noise, a_folder, a_pipe,
    endless_zeros, link_to_zeros, link_to_itself,
)  # fmt: skip
