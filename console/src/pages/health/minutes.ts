import { MINUTE_MS } from '../../format/durations';

/** Every minute from the first to the last: one in which nothing happened is a gap, not the next one's neighbour. */
export function everyMinute<Row extends { readonly minute: string }>(
  rows: readonly Row[],
): readonly { readonly minute: string; readonly row: Row | undefined }[] {
  const byTime = new Map(rows.map((row) => [Date.parse(row.minute), row]));
  if (rows.length === 0) return [];
  const [first, last] = [Math.min(...byTime.keys()), Math.max(...byTime.keys())];
  return Array.from({ length: (last - first) / MINUTE_MS + 1 }, (_, n) => {
    const time = first + n * MINUTE_MS;
    return { minute: new Date(time).toISOString(), row: byTime.get(time) };
  });
}

/** Whether a line through these values has nothing to lead to here, so that only a point shows the value. */
export function isAlone(values: readonly (number | null)[], at: number): boolean {
  return (values[at - 1] ?? null) === null && (values[at + 1] ?? null) === null;
}
