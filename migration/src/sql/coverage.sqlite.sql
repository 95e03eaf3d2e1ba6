-- What was there before registers had versions: the first counts from the county's first campaign.
INSERT INTO village_register (county, id, village, department, version, households, class, effective_on, created_at)
SELECT v.county, randomblob(16), v.id, v.department, 1, v.households, v.class, min(c.opens_on), min(c.applied_at)
  FROM village v JOIN campaign c ON c.county = v.county GROUP BY v.county, v.id, v.department, v.households, v.class;
