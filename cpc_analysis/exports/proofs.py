"""The sheets that prove the others: what reconciles to the ledger and to the total, and what each figure means."""

from __future__ import annotations

from dataclasses import dataclass
from math import fsum
from typing import TYPE_CHECKING, Any

from cpc_analysis.charts.theme import colour
from cpc_analysis.exports.cells import is_statement
from cpc_analysis.exports.sheets import Sheet, cell, plain_sheet, sheet_name, write_value
from cpc_analysis.glossary import QUANTITIES, Quantity, describe, label
from cpc_analysis.language import say
from cpc_analysis.markup import clean
from cpc_analysis.measuring.sums import Sums
from cpc_analysis.models.statements import has_ledger, is_of_ledger, statement_headings
from cpc_analysis.money import minor_digits

if TYPE_CHECKING:
    import pandas as pd
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

    from cpc_analysis.costing.set_aside import SetAside

__all__ = ["write_definitions", "write_reconciliation"]

#: More groups than this are proved by cost type only.
_MOST_GROUPS = 200


@dataclass
class _Proofs:
    """The sheet of proofs as it is written, from the top down."""

    book: Workbook
    page: Worksheet
    row: int = 0

    def __post_init__(self) -> None:
        self.bold = self.book.add_format({"bold": True})
        self.verdict = self.book.add_format({"bold": True, "indent": 1})
        self.alarm = self.book.add_format({"bold": True, "font_color": colour("rose")})

    def heading(self, text: str) -> None:
        self.row += 1 if self.row else 0
        self.page.write_string(self.row, 0, clean(text), self.bold)
        self.row += 1

    def formula(self, text: object, formula: str, value: float, form: Any) -> int:
        """A line of a name and a formula; its row."""
        write_value(self.page, self.row, 0, text, None if not hasattr(text, "year") else form)
        self.page.write_formula(self.row, 1, formula, form, value)
        self.row += 1
        return self.row - 1

    def text(self, name: str, text: str) -> None:
        """A line of a name and a text."""
        write_value(self.page, self.row, 0, name, None)
        write_value(self.page, self.row, 1, text, self.verdict)
        self.row += 1

    def number(self, name: str, value: float, form: Any) -> None:
        """A line of a name and a number that no other sheet holds."""
        write_value(self.page, self.row, 0, name, None)
        write_value(self.page, self.row, 1, value, form)
        self.row += 1

    def check(self, formula: str, value: float, form: Any) -> None:
        """The difference, and whether it is none."""
        row = self.formula(say("Difference"), formula, value, form)
        agrees, differs = say("agrees"), say("does not agree")
        self.page.write_formula(
            row, 2, f'=IF({cell(row, 1)}=0,"{agrees}","{differs}")', self.verdict, agrees if value == 0 else differs
        )
        self.page.conditional_format(
            row, 1, row, 2, {"type": "formula", "criteria": f"={cell(row, 1, fixed=True)}<>0", "format": self.alarm}
        )


def write_reconciliation(book: Workbook, sheets: list[Sheet], taken: list[str]) -> None:
    """Posted + moved = ledger = used + waiting + unallocated, and groups = total, by formulas over the other sheets."""
    statements = [sheet for sheet in sheets if sheet.rows and is_statement(sheet.exhibit.numbers)]  # type: ignore[arg-type]
    measured = [(sheet, name) for sheet in sheets if sheet.rows > 1 for name in _summed(sheet)]
    if not statements and not measured:
        return
    page = book.add_worksheet(sheet_name(say("Reconciliation"), taken))
    page.set_column(0, 0, 54)
    page.set_column(1, 2, 20)
    page.set_landscape()
    page.fit_to_pages(1, 0)
    proofs = _Proofs(book, page)
    for sheet in statements:
        _prove_statement(proofs, sheet)
    for sheet, name in measured:
        _prove_sum(proofs, sheet, name)


def _digits(sheet: Sheet) -> int:
    currency = str(sheet.exhibit.numbers.attrs.get("currency", ""))  # type: ignore[union-attr]
    return minor_digits(currency) if currency else 2


def _money(proofs: _Proofs, digits: int) -> Any:
    return proofs.book.add_format({"num_format": f"#,##0.{'0' * digits}" if digits else "#,##0"})


def _total(sheet: Sheet, place: int) -> float:
    return fsum(value for value in sheet.columns[place].values if isinstance(value, float))


def _prove_statement(proofs: _Proofs, sheet: Sheet) -> None:
    """From what was posted to the ledger of the periods, and from there to what was used; what was set aside below."""
    frame = sheet.exhibit.numbers
    assert frame is not None
    form = _money(proofs, _digits(sheet))
    headings = statement_headings(frame)
    proofs.heading(
        say("{sheet}: posted + moved = ledger = used + waiting + unallocated", sheet=sheet.name)
        if is_of_ledger(frame)
        else say("{sheet}: posted + moved = cost = used + waiting + unallocated", sheet=sheet.name)
    )
    ways = [name for name in ("posted", "moved") if sheet.place(name) is not None]
    ledger = _prove_sums(proofs, sheet, headings, [*ways, "ledger"], form)
    _prove_sums(proofs, sheet, headings, ["used", "waiting", "unallocated", "ledger"], form)
    _write_set_aside(proofs, frame, form)
    for place, column in enumerate(sheet.columns):
        if column.key in (*frame.attrs.get("by", ()), "cost_type"):
            _prove_groups(proofs, sheet, place, ledger, form)


def _prove_sums(proofs: _Proofs, sheet: Sheet, headings: dict[str, str], names: list[str], form: Any) -> int:
    """That amounts of a statement add up to the last of them; its row. What is not known is in no sum."""
    rows, values = [], []
    for name in names:
        place = sheet.place(name)
        assert place is not None
        if not sheet.columns[place].is_summed:
            proofs.text(headings[name], say("not known"))
            continue
        values.append(_total(sheet, place))
        rows.append(proofs.formula(headings[name], f"=SUM({sheet.range_of(place)})", values[-1], form))
    if len(rows) > 1:
        digits = _digits(sheet)
        parts = "-".join(cell(row, 1) for row in (rows[-1], *rows[:-1]))
        proofs.check(f"=ROUND({parts},{digits})", round(values[-1] - fsum(values[:-1]), digits) + 0.0, form)
    return rows[-1]


def _write_set_aside(proofs: _Proofs, statement: pd.DataFrame, form: Any) -> None:
    """What stands beside a statement: lines of the ledger set aside, in number and in money; what was left out."""
    found: SetAside | None = statement.attrs.get("set_aside")
    if found is not None and has_ledger(statement):
        proofs.number(say("Cost lines set aside"), found.lines + found.undated, None)
        proofs.number(say("Amount set aside, as far as it is known"), float(found.amount + found.undated_amount), form)
        proofs.number(say("Cost lines set aside whose cost is not known"), found.unread + found.undated_unread, None)
        proofs.number(say("Cost lines set aside of no month that could be read"), found.undated, None)
    left_out = statement.attrs.get("left_out")
    if left_out:
        proofs.number(say("Left out by the conditions"), float(left_out), form)


def _prove_groups(proofs: _Proofs, sheet: Sheet, place: int, total: int, form: Any) -> None:
    """The ledger of each group, and that they add up to the whole."""
    keys, ledger = sheet.columns[place].values, sheet.place("ledger")
    groups = list(dict.fromkeys(keys))
    if len(groups) > _MOST_GROUPS or ledger is None:
        return
    name = sheet.columns[place].heading
    frame = sheet.exhibit.numbers
    assert frame is not None
    proofs.heading(
        say("{sheet}: the ledger by {column}", sheet=sheet.name, column=name.lower())
        if is_of_ledger(frame)
        else say("{sheet}: the cost by {column}", sheet=sheet.name, column=name.lower())
    )
    date = proofs.book.add_format({"num_format": next((text for text in sheet.columns[place].formats if text), "@"),
                                   "align": "left"})  # fmt: skip
    first = proofs.row
    for group in groups:
        amounts = zip(keys, sheet.columns[ledger].values, strict=True)
        value = fsum(amount for key, amount in amounts if key == group and isinstance(amount, float))
        # A text letter by letter: a criterion would take a sign or a star in a name for more than a letter. A day as
        # the number it is: programs differ in what they write it as.
        here, name_of = sheet.range_of(place), cell(proofs.row, 0)
        matches = f"EXACT({here},{name_of})" if isinstance(group, str) else f"({here}={name_of})"
        formula = f"=SUMPRODUCT({matches}*{sheet.range_of(ledger)})"
        write_value(proofs.page, proofs.row, 0, group, date if hasattr(group, "year") else None)
        proofs.page.write_formula(proofs.row, 1, formula, form, value)
        proofs.row += 1
    summed = proofs.formula(
        say("Sum over the groups"), f"=SUM({cell(first, 1)}:{cell(proofs.row - 1, 1)})", _total(sheet, ledger), form
    )
    proofs.check(f"=ROUND({cell(summed, 1)}-{cell(total, 1)},{_digits(sheet)})", 0.0, form)


def _summed(sheet: Sheet) -> list[str]:
    """The quantities of a sheet whose groups add up to a total that was measured."""
    frame = sheet.exhibit.numbers
    sums = None if frame is None else frame.attrs.get("parts")
    if not isinstance(sums, Sums):
        return []
    return [
        column.key for column in sheet.columns
        if column.is_summed and column.key in QUANTITIES and QUANTITIES[column.key].numerator in sums.frame
    ]  # fmt: skip


def _prove_sum(proofs: _Proofs, sheet: Sheet, name: str) -> None:
    place = sheet.place(name)
    assert place is not None
    assert sheet.exhibit.numbers is not None
    sums: Sums = sheet.exhibit.numbers.attrs["parts"]
    whole = float(sums.frame[QUANTITIES[name].numerator].sum())
    digits = _digits(sheet)
    form = proofs.book.add_format({"num_format": next((text for text in sheet.columns[place].formats if text), "")})
    proofs.heading(say("{sheet}: {quantity}", sheet=sheet.name, quantity=sheet.columns[place].heading))
    summed = proofs.formula(say("Sum over the groups"), f"=SUM({sheet.range_of(place)})", _total(sheet, place), form)
    write_value(proofs.page, proofs.row, 0, say("Total as measured"), None)
    write_value(proofs.page, proofs.row, 1, whole, form)
    proofs.row += 1
    difference = round(_total(sheet, place) - whole, digits) + 0.0
    proofs.check(f"=ROUND({cell(summed, 1)}-{cell(proofs.row - 1, 1)},{digits})", difference, form)


def write_definitions(book: Workbook, sheets: list[Sheet], taken: list[str]) -> None:
    """What each quantity means, and how each sheet was counted and costed."""
    names = list(dict.fromkeys(name for sheet in sheets for name in _quantities(sheet)))
    texts = [sheet for sheet in sheets if sheet.exhibit.definition or sheet.exhibit.source]
    if names:
        headings = [say("Quantity"), say("Unit"), say("Formula"), say("Meaning"), say("Source"), say("Variant")]
        rows = [_row(describe(name)) for name in names]
        plain_sheet(book, sheet_name(say("Quantities"), taken), headings, rows)
    if texts:
        headings = [say("Sheet"), say("Title"), say("Definition"), say("Source"), say("Currency")]
        rows = [
            [sheet.name, sheet.exhibit.title, sheet.exhibit.definition, sheet.exhibit.source, _currency(sheet)]
            for sheet in texts
        ]
        plain_sheet(book, sheet_name(say("Definitions"), taken), headings, rows)


def _quantities(sheet: Sheet) -> list[str]:
    frame = sheet.exhibit.numbers
    if frame is None:
        return []
    stated = frame["quantity"].astype(str) if "quantity" in frame else []
    return [str(name) for name in (*frame.columns, *stated) if str(name) in QUANTITIES]


def _row(record: Quantity) -> list[str]:
    return [
        label(record.name), str(say(record.unit)), str(record.formula),
        str(say(record.meaning)), "; ".join(say(part) for part in record.source.split("; ")),
        str(say(record.variant)) if record.variant else "",
    ]  # fmt: skip


def _currency(sheet: Sheet) -> str:
    frame = sheet.exhibit.numbers
    return str(frame.attrs.get("currency", "")) if frame is not None else ""
