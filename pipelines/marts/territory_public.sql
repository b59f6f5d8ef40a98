-- territory_public: one row per public: the perimeter's own count, also where communes are masked.
CREATE TABLE territory_public AS
SELECT p.id AS public,
    CASE WHEN count(n.amount) = (SELECT count(*) FROM perimeter) THEN sum(n.amount) END AS amount,
    bool_or(n.estimated) AS estimated,
    CASE WHEN min(n.vintage) = max(n.vintage) THEN min(n.vintage) END AS vintage
FROM public AS p
LEFT JOIN (SELECT * FROM public_count SEMI JOIN perimeter USING (code)) AS n ON n.public = p.id
WHERE p.id NOT IN (SELECT id FROM service)
GROUP BY p.id;
