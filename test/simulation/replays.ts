import { ReplayService } from '../../src/trial/replay.service';
import type { Finding } from './auditor';
import type { Queries } from './simulated-database';
import type { SimulatedProcess } from './simulated-process';

/** Of a life, those it ends with. */
const MADE_AGAIN = 40;

/** Decisions made again from what is stored: each must be, byte for byte, what was recorded. */
export async function replayDecisions(sql: Queries, process: SimulatedProcess): Promise<readonly Finding[]> {
  const { rows } = await sql.query<{ key: string; ordinal: number }>(
    `SELECT auction_key AS key, ordinal FROM decision ORDER BY decided_at DESC, auction_key, ordinal LIMIT ${MADE_AGAIN}`,
  );
  const findings: Finding[] = [];
  for (const { key, ordinal } of rows) {
    const replay = await process.within(() => process.get(ReplayService).replay(key, undefined, ordinal));
    const said = replay.kind === 'replayed' && !replay.identical ? 'other' : replay.kind;
    if (said !== 'replayed')
      findings.push({ invariant: 'decisions_come_out_again', what: `${key} ${ordinal}: ${said}` });
  }
  return findings;
}
