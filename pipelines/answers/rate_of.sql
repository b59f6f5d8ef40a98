-- rate_of(supply, public, rate_per, least): supply per rate_per of the public; null where the
-- public is too small to bear a rate.
CREATE MACRO rate_of(supply, public, rate_per, least) AS
    CASE WHEN public >= least AND public > 0 THEN rate_per * supply / public END;
