-- in_force(since, until, d): whether day d is within [since, until[; a null bound is open.
CREATE MACRO in_force(since, until, d) AS
    (since IS NULL OR since <= d) AND (until IS NULL OR d < until);
