"""A JSON-LD document written as RDF/XML: both nest a thing in what leads to it.

Only what ``dcat.json_ld`` writes is known: nodes with an ``@id`` and one ``@type``, texts in the
language of the context, typed values, links to a node that is described elsewhere.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any
from xml.sax.saxutils import XMLGenerator
from xml.sax.xmlreader import AttributesImpl

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
INDENT = "  "


def rdf_xml(document: Mapping[str, Any]) -> bytes:
    """The same graph as RDF/XML, in the order of the document."""
    context = document["@context"]
    spaces = {f"xmlns:{p}": uri for p, uri in context.items() if not p.startswith("@")}
    out = io.BytesIO()
    writer = XMLGenerator(out, "utf-8", short_empty_elements=True)
    writer.startDocument()
    writer.startElement("rdf:RDF", AttributesImpl({"xmlns:rdf": RDF, **spaces}))
    _node(writer, document, context, 1)
    _line(writer, 0)
    writer.endElement("rdf:RDF")
    _line(writer, 0)
    return out.getvalue()


def _node(
    writer: XMLGenerator, node: Mapping[str, Any], context: Mapping[str, str], depth: int
) -> None:
    _line(writer, depth)
    writer.startElement(node["@type"], AttributesImpl({"rdf:about": _whole(node["@id"], context)}))
    for name, values in node.items():
        if not name.startswith("@"):
            for value in values if isinstance(values, list) else [values]:
                _line(writer, depth + 1)
                _property(writer, name, value, context, depth + 1)
    _line(writer, depth)
    writer.endElement(node["@type"])


def _property(
    writer: XMLGenerator, name: str, value: Any, context: Mapping[str, str], depth: int
) -> None:
    if isinstance(value, str):
        writer.startElement(name, AttributesImpl({"xml:lang": context["@language"]}))
        writer.characters(value)
    elif "@value" in value:
        writer.startElement(name, AttributesImpl({"rdf:datatype": _whole(value["@type"], context)}))
        writer.characters(value["@value"])
    elif set(value) == {"@id"}:
        writer.startElement(name, AttributesImpl({"rdf:resource": _whole(value["@id"], context)}))
    else:
        writer.startElement(name, AttributesImpl({}))
        _node(writer, value, context, depth + 1)
        _line(writer, depth)
    writer.endElement(name)


def _whole(term: str, context: Mapping[str, str]) -> str:
    """An address, its prefix put in full."""
    prefix, _, rest = term.partition(":")
    return context[prefix] + rest if prefix in context else term


def _line(writer: XMLGenerator, depth: int) -> None:
    writer.ignorableWhitespace("\n" + INDENT * depth)
