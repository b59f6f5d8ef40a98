"""Everything a person can read of the observatory, as text that two runs of one code write alike.

``python -m tests.net FOLDER`` writes it, ``python -m tests.net --compare A B`` prints what differs.
Nothing here names a module of the product: it goes through the installed command, ``app.py``, the
files of the pages and the published version, so that the same net serves before and after a
reorganisation.

Every figure is asked for one day. What the pages say of today itself is left out, but not the place
of today among the days of the data: compare two nets written in the same quarter.
"""
