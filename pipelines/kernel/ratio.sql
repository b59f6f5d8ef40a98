-- ratio: one row per site × offer: R_j = S_j / D_j, places per weighted child; null when the places
-- are unknown, 0 when no child is in reach.
SELECT supply.site, supply.offer,
    CASE WHEN potential.potential > 0 THEN supply.places / potential.potential
         WHEN supply.places IS NOT NULL THEN 0 END AS ratio
FROM supply
LEFT JOIN potential ON potential.site = supply.site AND potential.offer = supply.offer
