"""What in an answer tells of a person, or of somebody's health: looked for before it is kept.

No rule sees everything (« la maîtresse de CP »): what is written freely is read by a person too.
"""

from __future__ import annotations

import re

from observatory.french.spelling import plain
from observatory.knowledge.plain_names import reads_as_a_name

DATES = re.compile(
    r"(?<![\d/.-])(?:\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}|\d{4}-\d{2}-\d{2})(?![/.-]?\d)|\b\d{1,2}[:h]\d{2}\b"
)
NUMBER = re.compile(r"(?:\d[ .,/()-]*){8,}")
"""Of a telephone, an account, a social security card: no answer needs as many digits."""
REACHED = re.compile(
    r"[\w.+-]+\s?(?:@|[(\[]\s?(?:at|arobase|a)\s?[)\]]|\barobase\b)\s?[\w-]+|(?<!\w)@\w{3,}"
    r"|https?:|www\.|\b[\w-]+\.(?:com|fr|org|net|eu)\b|\b(?:[0-9a-f]{1,4}:){3,}[0-9a-f:]*"
    r"|\b(?:\d{1,3}\.){3}\d{1,3}\b",
    re.IGNORECASE,
)
CIVILITY = re.compile(
    r"\b(?:[Mm]r|[Mm]me|[Mm]lle|[Mm]elle|[Mm]adame|[Mm]onsieur|[Mm]ademoiselle|Dr|[Dd]octeur)\b"
    r"\.? ?"
    r"(?!(?:le|la|les|l|du|de|des|qui|est|et|ou)\b)\w{2}|(?<![\w.'’])M(?:\. ?| )[A-ZÀ-Ý]\w"
)
STREET = re.compile(
    r"\b\d{1,4} ?(?:bis|ter|quater)?,? +(?:(?:rue|avenue|av|boulevard|bd|allée|allee|impasse|chemin"
    r"|route|square|quai|ruelle|sentier|résidence|residence|lotissement|hameau)\b"
    r"|(?:place|cours|cité|cite) (?:du|de la|des|de l['’]|[A-ZÀ-Ý]))"
)
LONGEST_NAME = 4
"""Words of a name that are looked at together."""
COMMON = frozenset({
    "alsh", "aucun", "aucune", "autre", "autres", "avec", "bien", "bonjour", "crous", "dans",
    "domicile", "garderie", "haut", "haute", "il", "je", "la", "le", "les", "lieu", "ma",
    "maternel", "maternelle", "maternelles", "merci", "mercredi", "mes", "micro", "mon", "non",
    "notre", "nous", "oui", "pas", "petit", "petits", "place", "places", "plan", "plus",
    "plutot", "point", "pour", "public", "publique", "soir", "son", "sur", "tres", "trop", "un",
    "une",
})  # fmt: skip
"""Words that stand at the head of a sentence or of an option, beside those of `plain_names`."""
CONTACT = re.compile(
    r"\b(?:e ?mail|mel|courriel|adresse|telephone|portable|nom|prenoms?|coordonnees"
    r"|contacter|contacts|date de naissance|numero de securite)\b|^contact\b"
    r"|\b(?:votre|personne|de) contact\b"
)
TELEPHONE_ASKED = re.compile(
    r"\bt[ée]l\s*[.:]|\btél\b|\b(?:n°|no|num[ée]ro)\s*(?:de )?t[ée]l\b", re.I
)
HEALTH = re.compile(
    r"\b(?:sante|handicap\w*|maladies?|malades?|medica\w*|aeeh|aesh|pai|pathologie\w*|troubles?"
    r"|diagnosti\w*|grossesse|enceinte|psych\w*|allergi\w*|invalidite|mdph|autis\w*|depression"
    r"|tdah|asthm\w*|epilep\w*|diabet\w*|dyslexi\w*|dysphasi\w*|dyspraxi\w*|trisomi\w*"
    r"|deficien\w*|besoins? (?:particuliers?|specifiques?))\b"
)


def asks_person(heading: str) -> bool:
    """Whether a question asks who answers, or how to reach them."""
    return bool(CONTACT.search(plain(heading)) or TELEPHONE_ASKED.search(heading))


def asks_health(words: str) -> bool:
    """Whether words are of health, of a disability."""
    return bool(HEALTH.search(plain(words)))


def reaches_person(text: str) -> bool:
    """Whether a text gives a way to reach somebody, or names them after a civility."""
    bare = DATES.sub(" ", text)
    return bool(NUMBER.search(bare) or REACHED.search(bare) or CIVILITY.search(bare))


def looks_named(text: str) -> bool:
    """Whether words of a text read as a forename and a surname side by side."""
    words = re.findall(r"[\w'’-]+", text)
    return any(
        reads_as_a_name(" ".join(some)) and not COMMON & {plain(word) for word in some}
        for n in range(2, LONGEST_NAME + 1)
        for at in range(len(words) - n + 1)
        for some in [words[at : at + n]]
    )


def tells_person(text: str) -> bool:
    """Whether a text written freely reaches, names or places somebody."""
    return reaches_person(text) or bool(STREET.search(text))
