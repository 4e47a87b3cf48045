import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { HOUR_MS, type Clock } from '../kernel';
import { AuditTrail, CLOCK, ProblemException, SETTINGS, type Actor, type Settings } from '../platform';

/** Who looked for people by their CPF, and when: in the audit trail, never for whom. Many in an hour are guesses. */
@Injectable()
export class BorrowerLookups {
  constructor(
    private readonly dataSource: DataSource,
    private readonly audit: AuditTrail,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /** @throws ProblemException 429 when the actor has looked for as many as an hour allows */
  async record({ id: actor }: Actor): Promise<void> {
    await this.dataSource.transaction(async (tx) => {
      const waitMs = await this.#waitMs(tx, actor);
      if (waitMs > 0) throw tooMany(waitMs);
      await this.audit.record(tx, { actor, action: 'personal_data.looked_up', subject: 'borrowers' });
    });
  }

  /** Until the actor may look for another. One at a time, so that many at once gain nothing. */
  async #waitMs(tx: EntityManager, actor: string): Promise<number> {
    await tx.query(`SELECT pg_advisory_xact_lock(hashtextextended('borrower lookups ' || $1, 0))`, [actor]);
    const [before] = await tx.query<{ at: Date }[]>(
      `SELECT at FROM audit_event WHERE action = 'personal_data.looked_up' AND actor = $1
       ORDER BY at DESC OFFSET $2 LIMIT 1`,
      [actor, this.settings.engine.access.borrower_lookups_an_hour - 1],
    );
    return before === undefined ? 0 : before.at.getTime() + HOUR_MS - this.clock.now().getTime();
  }
}

function tooMany(waitMs: number): ProblemException {
  return new ProblemException(
    429,
    { type: 'too_many_lookups', title: 'Muitas buscas por CPF na última hora; aguarde' },
    { 'retry-after': String(Math.ceil(waitMs / 1_000)) },
  );
}
