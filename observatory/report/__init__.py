"""The atlas: a PDF in the order of article D.214-10-1 CASF, and the sheet of one commune.

``reading`` asks the version once; ``summary``, ``legal``, ``services``, ``communes`` and ``method``
turn answers into blocks (``document``); ``atlas`` puts them in order; ``rendering`` has them drawn
by ``atlas.typ``, which holds the layout and not one figure.
"""
