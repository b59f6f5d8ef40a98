"""Script run by `observatory.typesetting` in a process apart: one document in, one file out.

It stands alone, so that a sheet costs a process nothing but Typst.
"""

from __future__ import annotations

import json
import sys


def main() -> int:
    """Read what to draw from the standard input, write the file to the standard output."""
    import typst

    asked = json.load(sys.stdin)
    try:
        drawn: bytes = typst.compile(
            asked["source"].encode(),
            ignore_system_fonts=True,  # alike on every machine
            sys_inputs=asked["inputs"],
            **asked["options"],
        )
    except typst.TypstError as error:
        sys.stderr.write(str(error))
        return 1
    sys.stdout.buffer.write(drawn)
    return 0


if __name__ == "__main__":
    sys.exit(main())
