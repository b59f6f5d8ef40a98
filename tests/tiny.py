# ruff: noqa: E501 (files as they are)
"""A territory small enough to be worked out by hand: four communes, every kind of offer.

Aval (62001) holds an old commune, 62009, merged into it in 2016. Dune (62004) has no published age.
Under three, by hand (3/5 of 0-4): Aval 300, Bourg 150, Clos 27, Dune unknown.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest

import pipelines.refresh
from observatory.errors import CheckError
from observatory.knowledge.territory import parse
from observatory.settings import Settings

SIREN = "200000001"
ABC = "62001,62002,62003"

COMMUNES = """TYPECOM,COM,REG,DEP,LIBELLE,COMPARENT
COM,62001,32,62,Aval,
COM,62002,32,62,Bourg,
COM,62003,32,62,Clos,
COM,62004,32,62,Dune,
"""
MOVEMENTS = """MOD,DATE_EFF,TYPECOM_AV,COM_AV,LIBELLE_AV,TYPECOM_AP,COM_AP
32,2016-01-01,COM,62009,Vieux-Lieu,COM,62001
"""
MEMBERS = """siren;raison_sociale;nature_juridique;insee;nom_membre;total_pop_mun;pmun_2025
200000001;CC du Petit Pays;CC;62001;Aval;12000;8000
200000001;CC du Petit Pays;CC;62002;Bourg;12000;3000
200000001;CC du Petit Pays;CC;62003;Clos;12000;600
200000001;CC du Petit Pays;CC;62004;Dune;12000;400
"""
POPULATIONS = """COM;Commune;PMUN
62001;Aval;7000
62009;Vieux-Lieu;1 000
62002;Bourg;3 000
62003;Clos;600
62004;Dune;400
"""
FACTS = """insee_com,commune,commune_type,lat,lng,superficie_km2,naissances_2022
62001,Aval,COM,50.30,2.70,10,90
62002,Bourg,COM,50.30,2.80,8,45
62003,Clos,COM,50.25,2.70,6,9
62004,Dune,COM,50.25,2.80,5,
"""
AGES = "GEO;GEO_OBJECT;AGE;SEX;RP_MEASURE;OBS_STATUS;OBS_VALUE;TIME_PERIOD\n" + "".join(
    f"{code};COM;{band};_T;POP;A;{amount};2023\n"
    for code, amount in (("62001", 400), ("62009", 100), ("62002", 250), ("62003", 45))
    for band in ("Y0T4", "Y5T9", "Y10T14", "Y15T19")
)
RATES = """annee;echelle;code;nom;txcouv;txcouv_eaje;txcouv_am_ind;txcouv_prescol;txcouv_gad_ind
2021;nat;FR;France;50;18;24;4;4
2023;nat;FR;France;60;20;30;5;5
2023;reg;32;Région;54;18;27;5;4
2023;dep;62;Département;50;15;25;6;4
2023;epci;200000001;CC du Petit Pays;70;25;35;6;4
2023;com;62001;Aval;63;17;35;9;2
2023;com;XXXXX;Secret;1;1;0;0;0
2023;com;62003;Clos;ns;ns;ns;ns;ns
"""
PLACES = """annee;numcom;nomcom;pl_psu_col_com;pl_hors_psu_col_com;pl_prescol_com;pl_am_ind_com;pl_gad_ind_com;tot_offre_com
2022;62001;Aval;50;0;30;105;6;191
"""
OFFER = """identifiant;nom;service;statut;gestionnaire;code_insee;adresse;longitude;latitude;jour;capacite;depuis;ouverture;fermeture;source;date_source;demonstration
E1;Les Tilleuls;eaje_psu;public;Ville;62001;;2.70;50.30;;40;;2018-09-01;;Enquête;2024-06-30;non
E1;Les Tilleuls;eaje_psu;public;Ville;62001;;2.70;50.30;;50;2021-01-01;2018-09-01;;Enquête;2024-06-30;non
E2;Le Nid;eaje_psu;associatif;Asso;62009;;2.71;50.31;;20;;2019-01-01;2023-07-01;Enquête;2024-06-30;non
E3;La Ronde;eaje_psu;prive;SARL;62002;;2.80;50.30;;10;;2022-01-01;;Enquête;2024-06-30;non
M1;Micro 1;eaje_hors_psu;prive;SARL;62002;;2.80;50.30;;12;;2020-03-01;;Enquête;2024-06-30;non
M2;Micro 2;eaje_hors_psu;prive;SARL;62003;;2.70;50.25;;;;2024-01-01;;Enquête;2024-06-30;non
R1;Relais;rpe;public;CC;62001;;2.70;50.30;;1,5;;2019-01-01;;Enquête;2024-06-30;non
R2;Relais des confins;rpe;public;CC;62003;;2.70;50.25;;0,5;;2019-01-01;;Enquête;2024-06-30;non
L1;Lieu d'accueil;laep;associatif;Asso;62002;;2.80;50.30;;90;;2019-01-01;;Enquête;2024-06-30;non
S1;Centre A;alsh;public;Ville;62001;1 rue de l'École;2.70;50.30;mercredi;60;;2015-01-01;2024-01-01;Enquête;2024-06-30;non
S2;Centre B;alsh;associatif;Asso;62001;1 RUE de l'École;2.70;50.30;mercredi;40;;2015-01-01;;Enquête;2024-06-30;non
S1;Centre A;alsh;public;Ville;62001;1 rue de l'École;2.70;50.30;petites_vacances;30;;2015-01-01;2024-01-01;Enquête;2024-06-30;non
S2;Centre B;alsh;associatif;Asso;62001;1 RUE de l'École;2.70;50.30;petites_vacances;50;;2015-01-01;;Enquête;2024-06-30;non
S3;Centre C;alsh;public;Ville;62001;9 place du Marché;2.70;50.30;mercredi;20;;2015-01-01;;Enquête;2024-06-30;non
S4;Centre D;alsh;public;Ville;62002;;2.80;50.30;mercredi;18;;2015-01-01;2022-01-01;Enquête;2024-06-30;non
C1;Centre social;centre_social;associatif;Asso;62001;;2.70;50.30;;1;;2016-01-01;;Enquête;2024-06-30;non
"""
SERVED = """identifiant;code_insee
R1;62001
R1;62002
R2;62003
R2;62004
L1;62009
L1;62002
"""
TOTALS = """code_insee;service;effectif;places;depuis;source;date_source;demonstration
62001;assistants_maternels;40;120;2021-12-31;Enquête;2022-06-30;non
62001;assistants_maternels;35;105;2023-12-31;Enquête;2024-06-30;non
62002;assistants_maternels;10;30;2021-12-31;Enquête;2022-06-30;non
62003;assistants_maternels;3;9;2021-12-31;Enquête;2022-06-30;non
62001;garde_domicile;;6;2021-12-31;Caf;2022-06-30;non
62002;garde_domicile;;0;2021-12-31;Caf;2022-06-30;non
62003;garde_domicile;;0;2021-12-31;Caf;2022-06-30;non
62001;prescolarisation;;30;2021-12-31;Caf;2022-06-30;non
62002;prescolarisation;;15;2021-12-31;Caf;2022-06-30;non
62003;prescolarisation;;;2021-12-31;Caf;2022-06-30;non
"""
TWO_IN_CLOS: Mapping[str, str] = {
    "census/totaux_communaux.csv": TOTALS.replace(
        "62003;assistants_maternels;3;9", "62003;assistants_maternels;2;7"
    )
}
"""A change that masks a commune: two assistants maternels, of whom nobody may learn."""
FILES: Mapping[str, str] = {
    "cog/v_commune_2026.csv": COMMUNES,
    "cog/v_mvt_commune_2026.csv": MOVEMENTS,
    "dgcl/epcicom2025.csv": MEMBERS,
    "popref/donnees_communes_rp2023.csv": POPULATIONS,
    "naissances/communes_2022.csv": FACTS,
    "rp_age/ages_rp2023.csv": AGES,
    "caf/rates_2023.csv": RATES,
    "caf/places_2022.csv": PLACES,
    "census/offre.csv": OFFER,
    "census/communes_desservies.csv": SERVED,
    "census/totaux_communaux.csv": TOTALS,
}


NO_CENSUS: Mapping[str, None] = {name: None for name in FILES if name.startswith("census/")}
"""Changes after which nobody has counted any offer."""
POSTCODES = "code_commune_insee;code_postal\n62002;62170\n62003;62170\n"
BIRTHS = "GEO;GEO_OBJECT;EC_MEASURE;OBS_VALUE;TIME_PERIOD\n" + "".join(
    f"{code};COM;LVB;{births};{year}\n"
    for code, births, year in (
        ("62001", 100, 2019),
        ("62001", 110, 2020),
        ("62001", 120, 2021),
        ("62001", 95, 2022),
        ("62001", 80, 2023),
        ("62002", 40, 2020),
        ("62002", "", 2021),
        ("62002", 50, 2023),
    )
)
FORMULA = "=HYPERLINK(x)"
MORE: Mapping[str, str] = {
    "codes_postaux/communes.csv": POSTCODES,
    "naissances/serie.csv": BIRTHS,
    "cog/v_commune_2026.csv": COMMUNES.replace("LIBELLE", "TNCC,LIBELLE").replace(",62,", ",62,1,"),
    "census/offre.csv": OFFER.replace("Le Nid", FORMULA),
}
"""What tests look at each in its place: postcodes, births by year, types of names, and a crèche
whose name is a formula."""


def write_raw(raw_dir: Path, changes: Mapping[str, str | None] | None = None) -> Path:
    """Write the tiny sources: the product's own source.toml, these files embedded.

    A change replaces the file of that name, or removes it (None).
    """
    for description in sorted(Settings().raw_dir.glob("*/source.toml")):
        folder = raw_dir / description.parent.name
        folder.mkdir(parents=True)
        shutil.copyfile(description, folder / "source.toml")
    for name, text in {**FILES, **(changes or {})}.items():
        if text is not None:
            source, _, file = name.partition("/")
            path = raw_dir / source / "embedded" / file
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
    return raw_dir


def failure(settings: Settings) -> str:
    """What a refused refresh says; it must leave nothing behind."""
    settings.processed_dir.mkdir(parents=True)
    current = settings.processed_dir / "CURRENT"
    current.write_text("observatory-20200101T000000Z.duckdb\n")
    with pytest.raises(CheckError) as caught:
        pipelines.refresh.refresh(settings, parse(SIREN), lambda line: None)
    assert list(settings.processed_dir.iterdir()) == [current]
    assert current.read_text() == "observatory-20200101T000000Z.duckdb\n"
    assert "la version n'est pas publiée, celle en service reste en place" in str(caught.value)
    return str(caught.value)


def refused(folder: Path, changes: Mapping[str, str]) -> str:
    """What the refresh of these files says as it refuses to publish."""
    raw_dir = write_raw(folder / "raw", changes)
    settings = Settings(
        raw_dir, folder / "processed", folder / "cache", folder / "static", offline=True
    )
    return failure(settings)


def refused_at_once(
    folder: Path,
    bad: Iterable[tuple[str, str, str, str]],
    headings: Mapping[str, str] | None = None,
) -> str:
    """What the refresh says of many bad lines (check, file, lines, what is said), all shown.

    ``headings`` are those of files that the tiny territory does not have.
    """
    begun, changes = {**FILES, **(headings or {})}, dict[str, str]()
    for _, file, lines, _ in bad:
        changes[file] = changes.get(file, begun[file]) + lines
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pipelines.refresh, "ROWS_SHOWN", 1_000)
        return refused(folder, changes)


def told_by(message: str, check: str) -> str:
    """The part of a refusal that one check wrote."""
    _, found, after = message.partition(f"contrôle « {check} »")
    assert found, f"{check} is not among the broken checks"
    return after.partition("contrôle «")[0]
