"""What a page sent to the browser, as lines of text: every field of every element that is said."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator
from typing import Any

from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message
from told import told

SILENT = frozenset({
    "id", "form_id", "element_id", "block_id", "js_content", "css_content", "js_source_path",
    "css_source_path", "deferred_file_id", "html_content", "page_script_hash", "url",
    "scope", "fragment_id", "script_run_id", "delta_path", "metadata",
})  # fmt: skip
"""Fields that no reader meets: identifiers, code, addresses made of the content's hash."""
STYLE = re.compile(r"<style>.*?</style>|<script>.*?</script>", re.DOTALL)


def page_lines(tree: Any) -> list[str]:
    """Every element of a page that AppTest ran, in the order of the page."""
    lines = []
    for depth, node in _walk(tree, 0):
        proto = getattr(node, "proto", None)
        if not isinstance(proto, Message):
            continue
        said = list(message_lines(proto))
        if said or hasattr(node, "value"):
            lines.append(f"{'  ' * depth}[{node.type}]")
            lines += [f"{'  ' * depth}  {line}" for line in said]
            lines += [f"{'  ' * depth}  = {value}" for value in _value(node)]
    return lines


def message_lines(message: Message, prefix: str = "") -> Iterator[str]:
    """The fields of a message, nested ones included; a JSON text or table is written out."""
    for field, value in message.ListFields():
        if field.name in SILENT or field.name.endswith("_config"):
            continue
        name = f"{prefix}{field.name}"
        # A map has no order of its own; a repeated field has.
        if field.message_type and field.message_type.GetOptions().map_entry:
            values = [(f"{name}[{key}]", value[key]) for key in sorted(value)]
        elif hasattr(value, "append") or hasattr(value, "add"):
            values = [(f"{name}[{n}]", one) for n, one in enumerate(value)]
        else:
            values = [(name, value)]
        for place, one in values:
            if isinstance(one, Message):
                yield from message_lines(one, f"{place}.")
            elif field.type == FieldDescriptor.TYPE_ENUM:
                yield f"{place}: {field.enum_type.values_by_number[one].name}"
            else:
                yield from _scalar(place, one)


def _scalar(place: str, value: Any) -> Iterator[str]:
    """A text, a number, or bytes that hold JSON or a table."""
    if isinstance(value, bytes):
        yield from _bytes(place, value)
    elif isinstance(value, str) and value[:1] in "{[" and (read := _json(value)) is not None:
        yield from json_lines(place, read)
    elif isinstance(value, str):
        said = STYLE.sub("", value).strip("\n")
        if said:
            yield from (f"{place}: {line}" for line in said.replace("><", ">\n<").split("\n"))
    else:
        yield f"{place}: {value!r}"


def json_lines(place: str, value: Any) -> Iterator[str]:
    """A line for each thing of a JSON value; a list of plain things is one line."""
    if isinstance(value, dict):
        for key in value:
            yield from json_lines(f"{place}.{key}", value[key])
    elif isinstance(value, list) and any(isinstance(v, dict | list) for v in value):
        for number, one in enumerate(value):
            yield from json_lines(f"{place}[{number}]", one)
    else:
        yield f"{place}: {json.dumps(value, ensure_ascii=False)}"


def _bytes(place: str, value: bytes) -> Iterator[str]:
    if (message := _message(value)) is not None:
        yield from json_lines(place, message)
    elif (table := _table(value)) is not None:
        yield from (f"{place}: {line}" for line in table.split("\n"))
    else:
        yield f"{place}: {base64.b64encode(value).decode()}"


def _json(value: str) -> Any:
    try:
        return json.loads(value)
    except ValueError:
        return None


def _message(value: bytes) -> Any:
    try:
        return told(value)
    except ValueError:
        return None


def _table(value: bytes) -> str | None:
    """An Arrow table as CSV, with its types."""
    import pyarrow as pa

    try:
        table = pa.ipc.open_stream(value).read_all()
    except pa.ArrowInvalid:
        return None
    head = ", ".join(f"{f.name} {f.type}" for f in table.schema)
    return f"{head}\n{table.to_pandas().to_csv()}"


def _value(node: Any) -> Iterator[str]:
    """What a widget holds now, as the page shows it."""
    try:
        value = node.value
    except Exception:
        return
    if not hasattr(node.proto, "id") or hasattr(value, "to_csv"):
        return  # not a widget, or its table is written already
    yield repr(value)


def _walk(node: Any, depth: int) -> Iterator[tuple[int, Any]]:
    for child in getattr(node, "children", {}).values():
        yield depth, child
        yield from _walk(child, depth + 1)
