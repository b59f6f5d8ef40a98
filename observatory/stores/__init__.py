"""What people wrote, kept whole: a generation per change, one switch, one lock.

``<folder>/gen-000123/`` holds all the files of one state and its line of the journal; ``HEAD``
names the one in service and is replaced in one move. A generation is never written again.
"""
