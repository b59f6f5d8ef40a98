-- sum_if_known(x): the sum of a group; null when one of its rows is unknown.
CREATE MACRO sum_if_known(x) AS CASE WHEN count(*) = count(x) THEN sum(x) END;
