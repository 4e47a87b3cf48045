/**
 * As if one row could not be worked with: whatever writes it fails in the database.
 *
 * @param asOwner runs a statement with the right to change the schema
 * @returns what ends it
 */
export async function refuseRow(
  asOwner: (sql: string) => Promise<unknown>,
  { table, column, value }: { readonly table: string; readonly column: string; readonly value: string },
): Promise<() => Promise<unknown>> {
  await asOwner(`
    CREATE OR REPLACE FUNCTION refuse_row() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN RAISE EXCEPTION 'odd row, says the test'; END $$`);
  await asOwner(`
    CREATE TRIGGER refuse_row BEFORE INSERT OR UPDATE ON ${table} FOR EACH ROW
      WHEN (NEW.${column}::text = '${value}') EXECUTE FUNCTION refuse_row()`);
  return () => asOwner(`DROP TRIGGER refuse_row ON ${table}`);
}
