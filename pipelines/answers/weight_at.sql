-- weight_at(m, rule): weight of a travel time in minutes. A rule says how minutes weigh, as a
-- constant: {reach, gaussian, choice, sigma, b1…b3, w1…w4}, a row of weight_rule, which
-- catchment.toml fills.
CREATE MACRO weight_at(m, rule) AS CASE
    WHEN m > rule['reach'] THEN 0.0
    WHEN rule['gaussian'] THEN exp(-0.5 * (m / rule['sigma']) * (m / rule['sigma']))
    WHEN m < rule['b1'] THEN rule['w1']
    WHEN m < rule['b2'] THEN rule['w2']
    WHEN m < rule['b3'] THEN rule['w3']
    ELSE rule['w4'] END;
