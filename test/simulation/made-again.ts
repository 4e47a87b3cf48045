import { DataSource } from 'typeorm';
import { DAY_MS } from '../../src/kernel';
import { readAnchors } from '../../src/access/anchor-file';
import { verifyAuditTrail } from '../../src/access/verify-audit-trail';
import { FactKeeper } from '../../src/history/facts/fact-keeper.service';
import { AuditSeals } from '../../src/platform';
import { previewErasure } from '../../src/retention/erase';
import { readRetentionPeriods } from '../../src/retention/retention-periods';
import { ReplayService } from '../../src/trial/replay.service';
import type { Finding } from './auditor';
import type { LogBook } from './log-book';
import { KEEP_DAYS } from './replaced-product';
import type { Scheduler } from './scheduler';
import type { Queries } from './simulated-database';
import type { SimulatedProcess } from './simulated-process';

/** Decisions of a life, those it ends with. */
const MADE_AGAIN = 40;
/** What the product says where its figures were not what a recount finds. */
const DIFFERED = 'differed from a recount';
/** What is due is erased daily; where days passed in which nobody ran, soon after. */
const ERASED_WITHIN_MS = 4 * DAY_MS;

/** What the product makes again from what is stored, when a life is over. Its tables are looked at while time stands still. */
export class MadeAgain {
  constructor(
    private readonly sql: Queries,
    private readonly scheduler: Scheduler,
    private readonly process: SimulatedProcess,
  ) {}

  /** Each decision must be, byte for byte, what was recorded. */
  async decisions(): Promise<readonly Finding[]> {
    const { rows } = await this.sql.query<{ key: string; ordinal: number; decided_at: Date }>(
      `SELECT auction_key AS key, ordinal, decided_at FROM decision ORDER BY decided_at DESC, auction_key, ordinal LIMIT ${MADE_AGAIN}`,
    );
    const findings: Finding[] = [];
    const failed = await this.#run('decisions made again', async () => {
      for (const { key, ordinal, decided_at } of rows) {
        const replay = await this.process.get(ReplayService).replay(key, undefined, ordinal);
        const said = replay.kind === 'replayed' && !replay.identical ? 'other' : replay.kind;
        const mayBeErased = decided_at.getTime() < this.scheduler.now - KEEP_DAYS * DAY_MS;
        if (said !== 'replayed' && !(said === 'erased' && mayBeErased))
          findings.push({ invariant: 'decisions_come_out_again', what: `${key} ${ordinal}: ${said}` });
      }
    });
    return [...findings, ...failed];
  }

  /** Figures that have caught up are counted anew from the tables that work: there may be no difference. */
  async figures(log: LogBook): Promise<readonly Finding[]> {
    const keeper = this.process.get(FactKeeper);
    const caughtUp = await this.#run('figures caught up', () => keeper.catchUp());
    const { rows } = await this.sql.query<{ day: string }>(
      `SELECT DISTINCT day::text FROM history_fact ORDER BY 1`,
    );
    const counted = await this.#run('figures counted anew', async () => {
      for (const { day } of rows) await keeper.recount(day);
    });
    const differing = log.messagesWith(DIFFERED);
    return [
      ...caughtUp,
      ...counted,
      ...differing.map((what): Finding => ({ invariant: 'figures_are_a_recount', what })),
    ];
  }

  /** Its chain is computed again, its seals and what was noted outside of the database are compared. */
  async auditTrail(keys: readonly Buffer[], anchorFile: string): Promise<readonly Finding[]> {
    const findings: Finding[] = [];
    const failed = await this.#run('the audit trail verified', async () => {
      const anchors = (await readAnchors(anchorFile))?.anchors;
      const verdict = await verifyAuditTrail(this.process.get(DataSource), new AuditSeals(keys), anchors);
      if (verdict.kind !== 'intact')
        findings.push({ invariant: 'audit_trail_holds', what: JSON.stringify(verdict) });
    });
    return [...findings, ...failed];
  }

  /** What was to be erased some days ago is not there any more. Counters do not say since when they are at zero. */
  async leftovers(): Promise<readonly Finding[]> {
    const findings: Finding[] = [];
    const clock = { now: () => new Date(this.scheduler.now - ERASED_WITHIN_MS) };
    const failed = await this.#run('what is due looked for', async () => {
      const due = await previewErasure(this.process.get(DataSource), {
        clock,
        periods: readRetentionPeriods(clock),
      });
      for (const { class: name, table, rows } of due)
        if (rows > 0 && name !== 'exposure_counters')
          findings.push({ invariant: 'what_is_due_is_erased', what: `${name}: ${rows} of ${table}` });
    });
    return [...findings, ...failed];
  }

  /** @returns what went wrong: nothing does any more, when a life is over */
  async #run(what: string, work: () => Promise<void>): Promise<readonly Finding[]> {
    try {
      await this.scheduler.runWhile(this.process.within(work), what);
      return [];
    } catch (error) {
      return [{ invariant: 'no_exception', what: `${what}: ${String(error)}` }];
    }
  }
}
