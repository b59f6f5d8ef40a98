"""The loader of a component: the few lines that are sent with every message."""

from __future__ import annotations

LOADER = """
export default async function (component) {
  const data = JSON.parse(new TextDecoder().decode(component.data));
  const code = await import(new URL(data.files.script, document.baseURI).href);
  return code.render(component, data);
}
"""
"""It only finds the real code, whose address the message names: the browser keeps that file."""
