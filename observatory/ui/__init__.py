"""What people see: the map, its classes and colours, French formats, the theme, the pages.

- ``map``: the map of the communes, a Streamlit component around Leaflet (``map.js``, ``map.css``);
- ``classes``: values to classes and colours; ``formats``: numbers and dates in French;
- ``static``: the files the browser fetches once; ``theme``: the few rules of style.
"""
