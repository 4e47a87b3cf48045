import type { DataSource } from 'typeorm';

export interface SwitchChange {
  readonly engaged: boolean;
  readonly reason: string;
  readonly actor: string;
}

/** Stops or resumes all bidding. Every send checks the switch in the statement that permits it. */
export async function switchBidding(
  dataSource: DataSource,
  { engaged, reason, actor }: SwitchChange,
): Promise<void> {
  await dataSource.query(
    `UPDATE kill_switch SET engaged = $1, reason = $2, actor = $3, changed_at = clock_timestamp() WHERE name = 'bidding'`,
    [engaged, reason, actor],
  );
}
