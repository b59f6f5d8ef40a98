-- is_short(gap, decimals): whether a gap is a shortfall; under half of the last decimal that the
-- service shows, it is a balance. The same as observatory/knowledge/shortfall.py.
CREATE MACRO is_short(gap, decimals) AS gap < 1e-9 - 0.5 * power(10, -decimals);
