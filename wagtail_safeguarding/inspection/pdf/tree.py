"""Reading the objects of a file that may be anything: of the wrong kind, in circles, too many."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pikepdf

from .gathered import TooMuch

MAX_DEPTH = 100
MAX_NODES = 500_000


def dictionary(value: Any) -> Any:
    """``value`` where it is a dictionary (or a stream, which has one); else None."""
    return value if isinstance(value, pikepdf.Dictionary | pikepdf.Stream) else None


def entry(value: Any, *path: str) -> Any:
    """What is found along ``path``; None where there is no such thing."""
    for name in path:
        if dictionary(value) is None:
            return None
        value = value.get(name)
    return value


def items(value: Any) -> list[Any]:
    """The elements of an array; an object that stands for an array of one is one."""
    if isinstance(value, pikepdf.Array):
        return list(value)
    return [] if value is None else [value]


def string(value: Any) -> str:
    """The text of a string, a name or a stream of text; "" for all else."""
    if isinstance(value, pikepdf.String):
        try:
            return str(value)
        except UnicodeDecodeError:  # it is said to be UTF-8, and is not
            return bytes(value)[3:].decode("utf-8", "replace")
    if isinstance(value, pikepdf.Name):
        return name_of(value)[1:]
    if isinstance(value, pikepdf.Stream):
        data = stream_bytes(value)
        if data.startswith((b"\xfe\xff", b"\xff\xfe")):
            return data.decode("utf-16", "replace")
        return data.decode("utf-8", "replace")
    return ""


def name_of(value: Any) -> str:
    """A name with its slash; "" for all else. It is made of bytes, and need not be UTF-8."""
    if not isinstance(value, pikepdf.Name):
        return ""
    written = bytes(value)
    try:
        return written.decode()
    except UnicodeDecodeError:
        return written.decode("latin-1")


def stream_bytes(stream: Any) -> bytes:
    """The decoded bytes; none where they cannot be decoded."""
    try:
        return bytes(stream.read_bytes())
    except pikepdf.PdfError:
        return b""


def whole(value: Any, default: int = 0) -> int:
    try:
        return int(value)
    except (TypeError, ValueError, OverflowError):
        return default


def name_tree(root: Any) -> Iterator[tuple[str, Any]]:
    """Keys and values of a name tree."""
    seen: set[tuple[int, int]] = set()
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if dictionary(node) is None:
            continue
        if node.is_indirect:
            if node.objgen in seen:
                continue
            seen.add(node.objgen)
        if len(seen) > MAX_NODES:
            raise TooMuch
        pairs = items(node.get("/Names"))
        for key, value in zip(pairs[::2], pairs[1::2], strict=False):
            yield string(key), value
        waiting += reversed(items(node.get("/Kids")))


def everything(pdf: pikepdf.Pdf) -> Iterator[tuple[Any, Any]]:
    """Every dictionary of the file, with the numbered object that it is, or lies in."""
    for top in pdf.objects:
        waiting: list[tuple[Any, int]] = [(top, 0)]
        while waiting:
            value, depth = waiting.pop()
            if isinstance(value, pikepdf.Dictionary | pikepdf.Stream):
                yield value, top
                children: list[Any] = [child for _, child in value.items()]
            elif isinstance(value, pikepdf.Array):
                children = elements(value)
            else:
                continue
            if depth < MAX_DEPTH:
                waiting += [
                    (child, depth + 1)
                    for child in children
                    if isinstance(child, pikepdf.Object) and not child.is_indirect
                ]


def elements(array: pikepdf.Array) -> list[Any]:
    """Long lists of numbers are widths and coordinates. Trees of numbers begin with one."""
    first: list[Any] = [array[index] for index in range(min(2, len(array)))]
    return list(array) if any(isinstance(one, pikepdf.Object) for one in first) else []
