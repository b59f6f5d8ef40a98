"""The app: pages, and the controls, map, tables and charts they are made of.

- ``map``: the map of the communes, a Streamlit component around Leaflet (``map.js`` and the
  scripts it imports, ``map.css``); ``paint`` and ``message``: what it is told;
- ``classes`` and ``breaks``: values to classes and colours; ``formats``: French numbers and dates;
- ``static``: the files the browser fetches once; ``theme``: the few rules of style.
"""
