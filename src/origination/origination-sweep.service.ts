import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { MINUTE_MS, type Clock } from '../kernel';
import {
  CLOCK,
  ClockWatch,
  eachApart,
  LOGGER,
  Periodic,
  SETTINGS,
  type Logger,
  type Settings,
} from '../platform';
import { DIRECT_PRODUCTS, type DirectProduct } from '../policy/domain';
import { BalanceNewsService } from './balance-news.service';
import { ORIGINATION_LIMITS, type OriginationLimits } from './origination-limits';
import { ProposalCommandBook } from './proposal-command-book';
import { ProposalCommandSender } from './proposal-command-sender';
import { ProposalLife } from './proposal-life.service';
import { Proposals } from './proposals.service';
import { ProposalProducts } from './products/proposal-products';

const BATCH = 100;

/**
 * Queries of the products $2 that QI took more than $1 minutes ago and has not answered, by the database's clock: a process
 * whose own is an hour ahead would give up every one. A query that waits in our own queue, or is being sent, is not settled.
 */
const UNANSWERED = `status = 'querying' AND product = ANY ($2) AND status_since < clock_timestamp() - $1 * interval '1 minute'
  AND NOT EXISTS (SELECT FROM proposal_command WHERE proposal_id = proposal.id
    AND (settled_at IS NULL OR settled_at >= clock_timestamp() - $1 * interval '1 minute'))`;

/** Does what falls due: balances that are asked for again by themselves, offers whose time is over. */
@Injectable()
export class OriginationSweep implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #sweeps: Periodic;

  constructor(
    private readonly dataSource: DataSource,
    private readonly proposals: Proposals,
    private readonly life: ProposalLife,
    private readonly commands: ProposalCommandBook,
    private readonly sender: ProposalCommandSender,
    private readonly news: BalanceNewsService,
    private readonly products: ProposalProducts,
    private readonly clockWatch: ClockWatch,
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(ORIGINATION_LIMITS) private readonly limits: OriginationLimits,
    @Inject(LOGGER) logger: Logger,
  ) {
    this.#sweeps = new Periodic({
      name: 'origination_sweep',
      everyMs: limits.sweep_ms,
      run: () => this.sweep(),
      logger,
      failed: 'proposals that fall due could not be looked for',
    });
  }

  onApplicationBootstrap(): void {
    if (this.settings.ARREMATE_ROLE !== 'web') this.#sweeps.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.#sweeps.stop();
  }

  async sweep(): Promise<void> {
    // Apart, for the index that finds the first two knows nothing of the third.
    const over = [
      ...(await this.#due('offer_expires_at', `status IN ('simulated', 'offered')`)),
      ...(await this.#due('offer_expires_at', `status = 'accepted'`)),
    ];
    const failed = await this.#due('retry_at', `status = 'balance_failed'`);
    const unanswered = await this.#unanswered();
    const due = [
      ...failed.map((id) => ({ id, work: () => this.#askAgain(id) })),
      ...over.map((id) => ({ id, work: () => this.#expire(id) })),
      ...unanswered.map((id) => ({ id, work: () => this.#giveUpWaiting(id) })),
    ];
    try {
      await eachApart(
        due,
        ({ id }) => `proposal ${id}`,
        ({ work }) => work(),
      );
    } finally {
      this.sender.nudge();
    }
  }

  async #due(column: 'retry_at' | 'offer_expires_at', which: string): Promise<readonly string[]> {
    const rows = await this.dataSource.query<{ id: string }[]>(
      `SELECT id FROM proposal WHERE ${column} <= $1 AND ${which} ORDER BY ${column} LIMIT ${String(BATCH)}`,
      [this.clock.now()],
    );
    return rows.map(({ id }) => id);
  }

  async #unanswered(): Promise<readonly string[]> {
    const rows = await this.dataSource.query<{ id: string }[]>(
      `SELECT id FROM proposal WHERE ${UNANSWERED} ORDER BY status_since LIMIT ${String(BATCH)}`,
      [this.limits.answer_within_minutes, this.#answering()],
    );
    return rows.map(({ id }) => id);
  }

  /** The products whose other side has been open as long as an answer may take: behind a closed door nobody answers. */
  #answering(): readonly DirectProduct[] {
    const now = this.clockWatch.databaseNow();
    const asked = new Date(now.getTime() - this.limits.answer_within_minutes * MINUTE_MS);
    return DIRECT_PRODUCTS.filter((name) => {
      const product = this.products.of(name);
      return [asked, now].every((at) => product.opensAt('query_balance', at) <= at);
    });
  }

  #giveUpWaiting(id: string): Promise<void> {
    return this.dataSource.transaction(async (tx) => {
      const proposal = await this.life.lock(tx, id);
      if (proposal === undefined) return;
      const still = await tx.query<unknown[]>(`SELECT FROM proposal WHERE ${UNANSWERED} AND id = $3`, [
        this.limits.answer_within_minutes,
        DIRECT_PRODUCTS,
        id,
      ]);
      if (still.length > 0) await this.news.neverCame(tx, proposal);
    });
  }

  /** Looked at again under the lock: two processes sweep, and a person may have been first. */
  #askAgain(id: string): Promise<void> {
    return this.dataSource.transaction(async (tx) => {
      const proposal = await this.life.lock(tx, id);
      const isDue = proposal?.retryAt != null && proposal.retryAt <= this.clock.now();
      if (!isDue || proposal.status !== 'balance_failed') return;
      if ((await this.commands.liveOf(tx, id)) !== undefined) return;
      // Where another proposal of the borrower asks just now, the next sweep asks for this one.
      await this.proposals.query(tx, proposal, 'system');
    });
  }

  #expire(id: string): Promise<void> {
    return this.dataSource.transaction(async (tx) => {
      const proposal = await this.life.lock(tx, id);
      const isOver = proposal?.offerExpiresAt != null && proposal.offerExpiresAt <= this.clock.now();
      if (!isOver || !['simulated', 'offered', 'accepted'].includes(proposal.status)) return;
      if ((await this.commands.liveOf(tx, id)) !== undefined) return;
      await this.life.advance(
        tx,
        proposal,
        'offer_expired',
        { kind: 'offer_expired' },
        { offer: null, offerExpiresAt: null },
      );
    });
  }
}
