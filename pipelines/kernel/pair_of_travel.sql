-- pair: one row per demand point × site × offer at most `reach` minutes apart by the table of
-- travel times, directed from home to the site. A pair that it leaves out is out of reach.
SELECT travel.point, travel.site, demand.offer, travel.minutes
FROM travel
JOIN demand ON demand.point = travel.point
JOIN supply ON supply.site = travel.site AND supply.offer = demand.offer
CROSS JOIN rule
WHERE travel.minutes <= rule.reach
