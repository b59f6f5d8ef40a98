"""Texts that read as the name of a person though no civility says so: « Marie Dupont ».

A look at the words alone: it only ever warns, since a body may bear the name of a person.
"""

from __future__ import annotations

import re

from observatory.french.spelling import plain

FORENAME = re.compile(r"[A-ZÀ-Þ][a-zà-ÿ'’]+(?:-[A-ZÀ-Þ]?[a-zà-ÿ'’]+)*")
SURNAME = re.compile(r"[A-ZÀ-Þ]{3,}(?:[-'’][A-ZÀ-Þ]+)*|" + FORENAME.pattern)
PARTICLES = frozenset({"de", "du", "des", "le", "la", "van", "von", "ben", "el", "al", "da", "dos"})
LONGEST = 4
WORDS = """
accueil action adjoint adjointe administrateur administratrice admr adulte agence agent agents
agglomeration aide alliance animateur animation animatrice apprentissage archives ars assistant
assistante association atelier ateliers bailleur bibliotheque bureau bus cabinet caf caisse carsat
cc ccas ce cellule centre charge chargee chef cheffe chu cias citoyen citoyenne classe club
collectif college comite commission communautaire communaute commune communes compagnie conseil
conseiller conseillere consultant cooperation coordinateur coordination coordinatrice
coordonnateur coordonnatrice cpam creche creches croix ctg cu culture cyclo dasen ddcs ddets
delegation delegue deleguee departement departemental departementale developpement developpeur dga
dgs directeur direction directrice dispositif drac dreets eaje ecole ecoles educateur education
educatrice elu elue emploi enfance enfant enfants ensemble epci equipe espace espaces
etablissement etat familial familiale famille familles federation femmes fondation formation forum
foyer foyers francas france gendarmerie gestionnaire grand grande groupe groupement habitants
habitat halte handicap hopital ifac infirmier infirmiere insertion instance institut inter jardin
jeune jeunes jeunesse juriste laboratoire laep ligue local locale logement loisirs ludothecaire
ludotheque lycee maire mairie maison maisons manager mediateur mediatheque mediation mediatrice
metropole ministere mission mobilite msa multi municipal municipale musee mutualite mutuelle
national nationale numerique observatoire office operateur parc parentalite parents partenaires
pays pep petite planning pmi pole police politique prefecture prefet prefete president presidente
prevention programme projet projets protection psychologue puericulteur puericultrice quartier ram
rectorat referent referente regie region regional regionale regisseur relais reseau responsable
restos rpe rural rurale rurales saint sainte sante sdjes secours secretaire secretariat section
securite service services social sociale sociaux societe solidaire solidarite solidarites sport
sports syndicat technicien technicienne territoire territorial territoriale theatre tiers tribunal
udaf union unite universite urbain urbaine usagers vacances vice vie village ville villes
"""
NOT_OF_A_PERSON = frozenset(WORDS.split())
"""Words of a function, of a body or of a place, without accents; their plain plurals too."""


def reads_as_a_name(text: str) -> bool:
    """Whether a text is a forename and a surname, in either order, and nothing else.

    « Marie Dupont », « DUPONT Marie », « Anne-Sophie Le Goff »; never « Mission Locale » nor
    « Coordinatrice Ctg ».
    """
    words = text.split()
    named = [w for w in words if plain(w) not in PARTICLES]
    if not 2 <= len(named) <= LONGEST - 1 or len(words) > LONGEST:
        return False
    if any(set(plain(w).split()) & NOT_OF_A_PERSON for w in words):
        return False
    return all(map(SURNAME.fullmatch, named)) and any(map(FORENAME.fullmatch, named))
