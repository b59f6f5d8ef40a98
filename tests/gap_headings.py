"""Headings that every gap table holds, whatever its format."""

WANTED = "code_insee, commune, service, enfants, besoin, offre, ecart, taux, reference, fiabilite"
