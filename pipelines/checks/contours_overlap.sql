-- Les contours ne se recouvrent pas (au-delà de 0,5 % du plus petit des deux).
SELECT code_a, code_b, round(area_m2 / 10000, 1) AS hectares, round(100 * share, 2) AS pour_cent
FROM contour_overlap;
