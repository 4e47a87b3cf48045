/**
 * A trigger for test databases: at every commit that changes a counter or an exposure, the sums over all committed
 * exposure are held against the caps. It knows nothing of the counters' own figures but the caps.
 */
export async function guardExposure(database: { query(sql: string): Promise<unknown> }): Promise<void> {
  await database.query(`
    CREATE FUNCTION exposure_within_caps() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE beyond text;
    BEGIN
      SELECT format('%s is above its cap: %s of %s', limit_use.name, sum(amount), cap) INTO beyond
      FROM limit_use JOIN exposure ON
        CASE limit_use.name WHEN 'per_borrower' THEN encode(borrower_index, 'hex') = key
          WHEN 'per_employer' THEN encode(employer_index, 'hex') = key
          WHEN 'per_day' THEN counted_on::text = key ELSE limit_use.name = 'total' END
      WHERE status <> 'released' AND cap IS NOT NULL
      GROUP BY limit_use.name, key, cap HAVING sum(amount) > cap LIMIT 1;
      IF beyond IS NOT NULL THEN RAISE EXCEPTION '%', beyond; END IF;
      RETURN NULL;
    END $$;
    CREATE CONSTRAINT TRIGGER exposure_within_caps AFTER INSERT OR UPDATE ON exposure
      DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION exposure_within_caps();
  `);
}
