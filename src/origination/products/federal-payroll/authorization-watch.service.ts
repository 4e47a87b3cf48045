import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { DataSource } from 'typeorm';
import {
  MINUTE_MS,
  addDays,
  calendarDate,
  calendarDateAt,
  type CalendarDate,
  type Clock,
} from '../../../kernel';
import { CLOCK, eachApart, LOGGER, Periodic, SETTINGS, type Logger, type Settings } from '../../../platform';
import { authorizationWarning } from '../../domain/products/federal-payroll';
import { ProposalLife } from '../../proposal-life.service';
import { ProposalTasks } from '../../proposal-tasks';
import { FEDERAL_PAYROLL_SETTINGS, type FederalPayrollSettings } from './federal-payroll-data';

/** What is said in days need not be looked for more often. */
const EVERY_MS = MINUTE_MS;
const BATCH = 100;

/** In which a loan may still come of a margin that was told. The index proposal_open_margin has the same. */
const OPEN = `proposal.product = 'federal_payroll'
  AND proposal.status IN ('balance_known', 'in_review', 'simulated', 'offered', 'accepted')`;

/**
 * A servant's authorisation that ends soon is a task, once a balance: after its end nothing is issued. The task is over
 * when the proposal has gone on, or has another balance.
 */
@Injectable()
export class AuthorizationWatch implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #sweeps: Periodic;

  constructor(
    private readonly dataSource: DataSource,
    private readonly life: ProposalLife,
    private readonly tasks: ProposalTasks,
    @Inject(FEDERAL_PAYROLL_SETTINGS) private readonly payroll: FederalPayrollSettings,
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) logger: Logger,
  ) {
    this.#sweeps = new Periodic({
      name: 'authorization_watch',
      everyMs: EVERY_MS,
      run: () => this.sweep(),
      logger,
      failed: 'authorisations that end soon could not be looked for',
    });
  }

  onApplicationBootstrap(): void {
    if (this.settings.ARREMATE_ROLE !== 'web') this.#sweeps.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.#sweeps.stop();
  }

  async sweep(): Promise<void> {
    const today = calendarDateAt(this.clock.now());
    try {
      await eachApart(
        await this.#over(),
        (id) => `proposal ${id}`,
        (id) => this.#settle(id),
      );
    } finally {
      await eachApart(
        await this.#ending(today),
        ({ id }) => `proposal ${id}`,
        ({ id, until }) => this.#open(id, calendarDate(until), today),
      );
    }
  }

  /** Of the chosen link, or the only one. */
  #ending(today: CalendarDate): Promise<readonly { readonly id: string; readonly until: string }[]> {
    return this.dataSource.query(
      `SELECT proposal.id, link ->> 'authorized_until' AS until
       FROM proposal CROSS JOIN LATERAL jsonb_array_elements(balance -> 'links') AS link
       WHERE ${OPEN}
         AND CASE WHEN wishes ? 'link' THEN link ->> 'id' = wishes ->> 'link'
                  ELSE jsonb_array_length(balance -> 'links') = 1 END
         AND link ->> 'authorized_until' BETWEEN $1 AND $2
         AND NOT EXISTS (SELECT FROM task WHERE task.proposal_id = proposal.id AND task.kind = 'authorization_ending'
           AND (task.status <> 'resolved' OR task.opened_at >= proposal.balance_at))
       LIMIT ${String(BATCH)}`,
      [today, addDays(today, this.payroll.authorizationWarningDays)],
    );
  }

  async #over(): Promise<readonly string[]> {
    const rows = await this.dataSource.query<{ id: string }[]>(
      `SELECT proposal.id FROM task JOIN proposal ON proposal.id = task.proposal_id
       WHERE task.kind = 'authorization_ending' AND task.status <> 'resolved'
         AND (task.opened_at < proposal.balance_at OR NOT (${OPEN}))
       LIMIT ${String(BATCH)}`,
    );
    return rows.map(({ id }) => id);
  }

  /** Looked at again under the lock: a person may have been first. */
  #open(id: string, until: CalendarDate, today: CalendarDate): Promise<void> {
    return this.dataSource.transaction(async (tx) => {
      const proposal = await this.life.lock(tx, id);
      const [open] = await tx.query<unknown[]>(`SELECT FROM proposal WHERE id = $1 AND ${OPEN}`, [id]);
      const message = authorizationWarning(until, today, this.payroll.authorizationWarningDays);
      if (proposal !== undefined && open !== undefined && message !== undefined)
        await this.tasks.openAuthorizationEnding(tx, proposal, message);
    });
  }

  #settle(id: string): Promise<void> {
    return this.dataSource.transaction(async (tx) => {
      const proposal = await this.life.lock(tx, id);
      if (proposal !== undefined) await this.tasks.settleAuthorizationEnding(tx, proposal);
    });
  }
}
