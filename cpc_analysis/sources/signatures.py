"""What a file is by its first bytes, where that is not what its ending or its declared format says."""

from __future__ import annotations

import codecs
import json

from cpc_analysis.errors import UnreadableFileError
from cpc_analysis.sources.parts import Part

__all__ = ["BYTE_ORDER_MARKS", "check_signature"]

#: Longer marks first: the one of UTF-32 begins with that of UTF-16.
BYTE_ORDER_MARKS = {
    codecs.BOM_UTF32_LE: "utf-32", codecs.BOM_UTF32_BE: "utf-32", codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16",
}  # fmt: skip

_SAID = {
    "csv": "delimited text", "tsv": "delimited text", "excel": "an Excel workbook", "parquet": "Parquet",
    "jsonl": "lines of JSON", "json": "a JSON document",
}  # fmt: skip
_ZIP = b"PK\x03\x04"
_UNPACK = "Unpack it, or pack it as .gz or .zip."
_EXPORT = "Export it as CSV, Excel, Parquet or JSON."
#: First bytes that no text begins with, what they mean, and what to do: a format to state, or a sentence.
_SIGNATURES = (
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an Excel workbook", "excel"),
    (b"PAR1\x15", "Parquet", "parquet"),
    (b"\x1f\x8b", "gzip data", "Name it with the ending .gz, or unpack it."),
    (b"BZh91AY&SY", "bzip2 data", _UNPACK),
    (b"\xfd7zXZ\x00", "xz data", _UNPACK),
    (b"\x28\xb5\x2f\xfd", "zstd data", _UNPACK),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive", _UNPACK),
    (b"Rar!\x1a\x07", "a rar archive", _UNPACK),
    (b"%PDF-", "a PDF", _EXPORT),
    (b"ARROW1\x00", "an Arrow file", _EXPORT),
    (b"Obj\x01", "an Avro file", _EXPORT),
    (b"SQLite format 3\x00", "an SQLite database", _EXPORT),
)
_IN_WORKBOOKS = (b"[Content_Types].xml", b"_rels/", b"docProps/", b"xl/", b"mimetype")
_MARKUP = "Open it in Excel and save it as .xlsx, or export it again: a page may also ask to sign in."


def check_signature(part: Part, kind: str, encoding: str) -> None:
    """Refuse a file whose first bytes are those of another format or encoding, saying what to state.

    Parameters
    ----------
    part : Part
        The file.
    kind : str
        One of the formats, declared or meant by its ending.
    encoding : str
        The declared one.

    Raises
    ------
    UnreadableFileError
        If the bytes are of another.
    """
    start = part.begins()
    is_marked = start.startswith(tuple(BYTE_ORDER_MARKS))
    found = _packed(start) or _marked_up(start)
    if found is None and not is_marked:
        found = _text(start, kind)
    if found is not None:
        words, advice = found
        if advice == kind:
            return
        stated = f'State format = "{advice}".' if advice in _SAID else advice
        raise UnreadableFileError(f"`{part.name}` is {words}, not {_SAID[kind]}. {stated}")
    if kind in ("csv", "tsv", "json", "jsonl") and not is_marked:
        _check_wide(part, start, encoding)


def _packed(start: bytes) -> tuple[str, str] | None:
    if start.startswith(_ZIP):
        if any(start[30:].startswith(name) for name in _IN_WORKBOOKS):
            return "an Excel workbook", "excel"
        return "a zip file", "Name it with the ending .zip, or unpack it."
    for begins, words, advice in _SIGNATURES:
        if start.startswith(begins):
            return words, advice
    return None


def _marked_up(start: bytes) -> tuple[str, str] | None:
    text = start.removeprefix(codecs.BOM_UTF8).lstrip().lower()
    if text.startswith((b"<html", b"<!doctype", b"<table", b"<head", b"<meta", b"<div", b"<style")):
        return "an HTML page", _MARKUP
    if text.startswith(b"<?xml"):
        return "an XML document", "Open it in Excel and save it as .xlsx, or export it again in another format."
    return None


def _text(start: bytes, kind: str) -> tuple[str, str] | None:
    """What a text is that is not of its kind."""
    text = start.decode("utf-8", "replace").strip()
    line = text.splitlines()[0].strip() if text else ""
    is_json = text.startswith(("[{", '{"', "[\n", "{\n", "[\r", "{\r"))
    if kind == "jsonl":
        whole = line.startswith("[") or line == "{"
        return ("one JSON document", "json") if is_json and whole else None
    if kind == "json" or b"\x00" in start:
        return None
    if is_json:
        return ("JSON", "jsonl") if _is_document(line) and line.startswith("{") else ("JSON", "json")
    if kind in ("csv", "tsv") or not _is_readable(text):
        return None
    return "text", "tsv" if line.count("\t") > line.count(";") + line.count(",") else "csv"


def _is_document(line: str) -> bool:
    """Whether a line is a JSON document of its own; one that was cut off here may be."""
    try:
        json.loads(line)
    except ValueError:
        return len(line) > 400
    return True


def _is_readable(text: str) -> bool:
    return all(character.isprintable() or character.isspace() or character == "\ufffd" for character in text)


def _check_wide(part: Part, start: bytes, encoding: str) -> None:
    """Refuse UTF-16 that has no byte-order mark and is not declared: each second byte is empty."""
    if encoding.lower().replace("_", "-").startswith(("utf-16", "utf-32")) or len(start) < 4:
        return
    even, odd = start[0:64:2], start[1:64:2]
    for zeros, other, name in ((odd, even, "utf-16-le"), (even, odd, "utf-16-be")):
        if zeros.count(0) > 0.8 * len(zeros) and other.count(0) == 0:
            raise UnreadableFileError(f'`{part.name}` is UTF-16 without its mark. State encoding = "{name}".')
