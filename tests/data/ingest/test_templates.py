"""Empty templates: every field has its column, every coded one its list, and a filled-in one loads without a question."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import openpyxl
import pytest

from data.codes import code_list
from data.ingest.pipeline import prepare
from data.ingest.templates import template
from data.model.records import TABLES
from data.model.schema import field_column
from data.store.store import Store
from data.texts import LANGUAGES, Language

FILLED = {
    "encounter_id": "1", "occurred_on": "3.2.2025", "client_id": "A1", "referral_id": "1", "to_service": "kela",
    "referred_on": "4.2.2025", "centre": "049", "started_on": "5.2.2025", "recognised_on": "6.2.2025", "code": "omena",
    "name_fi": "Omena", "service_point": "omena", "month": "2025-02", "person_years": "1.5", "year": "2025", "euros": "1500",
    "residents": "70000",
}  # fmt: skip


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_filled_in_template_loads_without_a_question(lang: Language, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(BytesIO(template(lang)))
    sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    assert len(sheets) == len(TABLES)
    for sheet, (table, model) in zip(sheets, TABLES.items(), strict=True):
        assert sheet.max_column == len(model.model_fields)
        lists = {
            place for rule in sheet.data_validations.dataValidation for place in [next(iter(rule.sqref.ranges)).min_col]
        }
        coded = [place for place, field in enumerate(model.model_fields, 1) if field_column(model, field).code_list]
        assert sorted(lists) == coded
        for place, field in enumerate(model.model_fields, 1):
            column = field_column(model, field)
            if column.code_list:
                codes = code_list(column.code_list)
                value = FILLED.get(field, codes.ids[0])
                sheet.cell(2, place, codes.label(value, lang))
            elif field in FILLED and (column.required or field == model.own_number):
                sheet.cell(2, place, FILLED[field])
        assert sheet.title
        assert table
    path = tmp_path / "pohja.xlsx"
    book.save(path)
    prepared = prepare([path], Store(tmp_path / "s"))
    found = {part.table: part for part in prepared.files[0].parts}
    assert prepared.files[0].refused is None
    assert set(found) == set(TABLES)
    assert prepared.exit_code == 0, [(one.question.kind, one.question.key) for one in prepared.open_questions]
    for table, part in found.items():
        assert {match.field for match in part.columns} >= {
            name for name, info in TABLES[table].model_fields.items() if info.is_required()
        }, table
