-- is_short(gap): whether a gap is a shortfall; a lack under a millionth is a balance, as the same
-- figure summed in another order differs by less. The same as observatory/knowledge/shortfall.py.
CREATE MACRO is_short(gap) AS gap < -1e-6;
