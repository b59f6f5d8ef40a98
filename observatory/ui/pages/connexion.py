"""The account: log in, log out, and what the account may do. Only where accounts are configured."""

from __future__ import annotations

import time

import streamlit as st

from observatory.ui.shell import access, blocks


def page() -> None:
    """Draw the page."""
    st.title("Connexion", anchor=False)
    blocks.paragraph(
        "Tout se consulte sans compte. Un compte ne sert qu'aux planificateurs : il permet de "
        "charger un recensement et d'actualiser les données."
    )
    if not access.is_logged_in():
        st.button("Se connecter", type="primary", on_click=st.login, key="se_connecter")
        return
    claims = st.user.to_dict()
    name = str(claims.get("email") or claims.get("name") or "compte sans adresse")
    blocks.paragraph(f"Compte : {name}.")
    if access.is_planner():
        st.success("Ce compte est planificateur.")
        st.page_link("observatory/ui/pages/recensement.py", label="Recensement et actualisation")
    elif access.is_expired(claims, time.time()):
        st.info(
            "La connexion date de plus de douze heures : se déconnecter, puis se connecter de "
            "nouveau pour retrouver le rôle du compte. La consultation reste ouverte."
        )
    else:
        st.info(
            "Ce compte n'a pas le rôle de planificateur : il consulte, comme tout visiteur. Pour "
            "l'obtenir, s'adresser à l'exploitant de l'observatoire."
        )
    st.button("Se déconnecter", on_click=access.log_out, key="se_deconnecter")


page()
