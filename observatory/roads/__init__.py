"""Roads: an extract of OpenStreetMap, the quickest way by the stated speeds, a table of minutes."""
