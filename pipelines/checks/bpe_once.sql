-- Un service compte le recensement ou la BPE, jamais les deux ; une ligne de la BPE est rapprochée d'un établissement au plus, et lui d'elle seule.
SELECT 'service compté deux fois' AS defaut, e.service AS nom
FROM establishment AS e
JOIN allocation AS a ON a.establishment = e.id
SEMI JOIN perimeter AS p ON p.code = a.code
GROUP BY e.service
HAVING count(*) FILTER (e.id IN (SELECT id FROM bpe_row)) BETWEEN 1 AND count(*) - 1
UNION ALL
SELECT 'ligne de la BPE rapprochée deux fois', bpe FROM bpe_match GROUP BY bpe HAVING count(*) > 1
UNION ALL
SELECT 'établissement rapproché deux fois', establishment
FROM bpe_match WHERE establishment IS NOT NULL GROUP BY establishment HAVING count(*) > 1;
