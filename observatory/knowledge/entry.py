"""An entry of a file of knowledge: frozen, and nothing in it that is not expected."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class KnowledgeEntry(BaseModel):
    """What every table of those files is checked as."""

    model_config = ConfigDict(frozen=True, extra="forbid")
