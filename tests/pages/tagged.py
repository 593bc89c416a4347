"""The structure of a tagged PDF, as a screen reader walks it."""

from __future__ import annotations

from typing import Any

import pikepdf


def elements(pdf: pikepdf.Pdf) -> list[Any]:
    """Every element of the structure tree, parents first."""
    found: list[Any] = []

    def walk(node: Any) -> None:
        if isinstance(node, pikepdf.Array):
            for kid in node:
                walk(kid)
        elif isinstance(node, pikepdf.Dictionary):
            if "/S" in node:
                found.append(node)
            if "/K" in node:
                walk(node["/K"])

    walk(pdf.Root.StructTreeRoot["/K"])
    return found


def tags(pdf: pikepdf.Pdf) -> list[str]:
    return [str(element["/S"]) for element in elements(pdf)]
