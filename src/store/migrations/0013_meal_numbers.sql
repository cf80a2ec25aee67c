-- Up Migration

-- Meals are numbered for each feeder, from 1: a number for all of them told whoever sees one feeder how much the others ate.
ALTER TABLE meal DROP CONSTRAINT meal_pkey;
ALTER TABLE meal ALTER COLUMN meal_id DROP IDENTITY;
UPDATE meal SET meal_id = numbered.number
FROM (SELECT meal_id, row_number() OVER (PARTITION BY feeder_id ORDER BY meal_id) AS number FROM meal) AS numbered
WHERE meal.meal_id = numbered.meal_id;
ALTER TABLE meal ADD PRIMARY KEY (feeder_id, meal_id);
