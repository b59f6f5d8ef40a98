"""Names that a page would run or format if it drew them as they are."""

TAKEN = "document.title='pris'"
NAME = f"<img src=x onerror={TAKEN}>"
MANAGER = f"</script><script>{TAKEN}</script>"
PLACE = f"[clic](javascript:{TAKEN}) **gras** :red[rouge] $x^2$"
TITLE = "Forum <b>gras</b> **fort** [lien](http://x.example)"
