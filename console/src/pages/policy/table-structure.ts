import type { PolicyTable } from './document';

/** How the rate may move along a column, everything else being equal. */
export type Order = 'not_falling' | 'not_rising';

interface Monotone {
  readonly column: string;
  readonly rate: Order;
}

/** The orders that the table declares. */
export function ordersOf(table: PolicyTable): readonly Monotone[] {
  return (table['monotone'] ?? []) as readonly Monotone[];
}

/** One more input column, of which no row asks anything yet. */
export function withColumn(table: PolicyTable, name: string): PolicyTable {
  return {
    ...table,
    columns: [...table.columns, name],
    rows: table.rows.map((row) => ({ ...row, when: { ...row.when, [name]: 'any' } })),
  };
}

/** Without a column, its cells and its order. */
export function withoutColumn(table: PolicyTable, name: string): PolicyTable {
  const rest = withOrder(table, name, undefined);
  return {
    ...rest,
    columns: rest.columns.filter((column) => column !== name),
    rows: rest.rows.map((row) => {
      const { [name]: _, ...when } = row.when;
      return { ...row, when };
    }),
  };
}

/** The table with this order along a column, or with none. */
export function withOrder(table: PolicyTable, column: string, rate: Order | undefined): PolicyTable {
  const declared = ordersOf(table);
  const isDeclared = declared.some((one) => one.column === column);
  if (rate === undefined)
    return isDeclared ? { ...table, monotone: declared.filter((one) => one.column !== column) } : table;
  const monotone = isDeclared
    ? declared.map((one) => (one.column === column ? { column, rate } : one))
    : [...declared, { column, rate }];
  return { ...table, monotone };
}
