/** SQL for `putsAtRisk`, by the names that a loan's status and margin have in the statement. */
export const isAtRisk = (status: string, margin: string): string =>
  `(${status} <> 'canceled_permanently'
    AND (${status} <> 'reservation_failed' OR coalesce(${margin}, '') NOT IN ('refused', 'released')))`;

/** SQL for `comesBack`, of a row of `operation_event` that is called `told`; an index has these words. */
export const CAME_BACK = `NOT ${isAtRisk('told.from_status', 'told.from_margin')}
  AND ${isAtRisk('told.to_status', 'told.to_margin')}`;
