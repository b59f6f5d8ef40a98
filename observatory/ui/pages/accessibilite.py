"""The accessibility statement, as the French rules ask: what conforms, what does not, recourse."""

from __future__ import annotations

from datetime import date

import streamlit as st

from observatory.french import dates
from observatory.settings import Settings
from observatory.ui.shell import blocks

WRITTEN = date(2026, 11, 22)
TO_GIVE = "à renseigner par l'exploitant"
TESTED = (
    (
        "Contrôle automatique",
        "Chaque page, en thème clair et en thème sombre, par le moteur axe (règles WCAG 2.1 A et "
        "AA) : aucune violation grave ou critique n'est admise.",
    ),
    (
        "Clavier",
        "Menus, tableaux, communes et téléchargements s'atteignent et s'actionnent sans souris.",
    ),
    ("Agrandissement", "Zoom à 200 % et largeur de 320 pixels, sans perte de contenu."),
    (
        "Couleurs",
        "Contrastes des textes ; la carte ne dit rien par la couleur seule : motifs, formes et "
        "tableau de même contenu.",
    ),
)
KNOWN = (
    (
        "La carte",
        "C'est une image manipulable : sa forme ne se lit pas avec un lecteur d'écran.",
        "Le tableau « Les mêmes chiffres en tableau », sous la carte, et la fiche de chaque "
        "commune.",
    ),
    (
        "La langue de la page",
        "Elle n'est déclarée, et les étiquettes du logiciel sous-jacent ne sont traduites, qu'une "
        "fois la page chargée. Des messages rares, comme celui d'une connexion perdue, restent en "
        "anglais.",
        "Attendre la fin du chargement, ou recharger la page.",
    ),
    (
        "Les tableaux étroits",
        "Sur un écran de téléphone, certains tableaux deviennent des listes : des lecteurs "
        "d'écran peuvent ne plus en annoncer les colonnes.",
        "Chaque chiffre y est précédé du nom de sa colonne.",
    ),
    (
        "Les documents PDF",
        "L'ordre de lecture des documents produits n'a pas été vérifié par une personne.",
        "Les mêmes chiffres à l'écran, en CSV ou pour tableur.",
    ),
)


def page() -> None:
    """Draw the page."""
    st.title("Déclaration d'accessibilité", anchor=False)
    blocks.prose(
        "L'exploitant de cet observatoire s'engage à le rendre accessible, conformément à "
        "l'article 47 de la loi n° 2005-102 du 11 février 2005. Cette déclaration s'applique à "
        "toutes les pages de l'observatoire."
    )
    st.header("État de conformité", anchor=False)
    blocks.prose(
        "L'observatoire est partiellement conforme au référentiel général d'amélioration de "
        "l'accessibilité (RGAA), version 4.1, en raison des non-conformités énumérées ci-dessous. "
        "C'est une auto-évaluation de ses auteurs : aucun audit n'a été mené, et aucun taux de "
        "conformité n'est donc avancé."
    )
    blocks.table("Ce qui a été vérifié", ["Vérification", "Comment"], TESTED, words=True)
    st.header("Contenus non accessibles", anchor=False)
    blocks.table(
        "Non-conformités connues, et ce qui les remplace",
        ["Contenu", "Ce qui fait défaut", "Autre moyen d'y accéder"],
        KNOWN,
        words=True,
    )
    st.header("Établissement de cette déclaration", anchor=False)
    blocks.prose(
        f"Déclaration établie le {dates.long_date(WRITTEN)}. Technologies : HTML, CSS, "
        "JavaScript, SVG. Vérifications menées avec le navigateur Chromium et l'outil axe."
    )
    st.header("Retour d'information et contact", anchor=False)
    blocks.prose(
        "Si un contenu ou un service n'est pas accessible, le signaler permet d'être orienté vers "
        "une autre forme du même contenu. Contact : "
        f"{Settings.from_env().contact or TO_GIVE}."
    )
    st.header("Voies de recours", anchor=False)
    blocks.prose(
        "Si un défaut d'accessibilité a été signalé et qu'aucune réponse satisfaisante n'a été "
        "obtenue, il est possible de saisir le Défenseur des droits :"
    )
    blocks.bullets(
        [
            "par le formulaire en ligne : https://formulaire.defenseurdesdroits.fr",
            "auprès de son délégué dans la région : "
            "https://www.defenseurdesdroits.fr/saisir/delegues",
            "par courrier, gratuit et sans timbre : Défenseur des droits, Libre réponse 71120, "
            "75342 Paris CEDEX 07",
        ]
    )


page()
