-- sum_of(rows, codes): some communes of a gap table as one territory: one row per service × day
-- type × need definition, as `sums_of` makes those of several. `rows` names the table.
CREATE MACRO sum_of(rows, codes) AS TABLE
SELECT * EXCLUDE (place)
FROM sums_of(rows, list_transform(codes, lambda c: {'place': '', 'code': c}));
