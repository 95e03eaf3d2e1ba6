-- What was there before registers had versions: the first counts from the county's first campaign. The owner is bound by
-- the walls that it made, so they stand open for this statement.
ALTER TABLE village NO FORCE ROW LEVEL SECURITY;
ALTER TABLE campaign NO FORCE ROW LEVEL SECURITY;
INSERT INTO village_register (county, id, village, department, version, households, class, effective_on, created_at)
SELECT v.county, gen_random_uuid(), v.id, v.department, 1, v.households, v.class, min(c.opens_on), min(c.applied_at)
  FROM village v JOIN campaign c ON c.county = v.county GROUP BY v.county, v.id, v.department, v.households, v.class;
ALTER TABLE village FORCE ROW LEVEL SECURITY;
ALTER TABLE campaign FORCE ROW LEVEL SECURITY;
