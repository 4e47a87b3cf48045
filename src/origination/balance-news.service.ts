import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Handling, WebhookEvent } from '../inbox';
import { withoutDocumentNumbers, type Clock } from '../kernel';
import { CLOCK } from '../platform';
import { nextQueryAt } from './domain/products/fgts';
import { ORIGINATION_LIMITS, type OriginationLimits } from './origination-limits';
import type { BalanceNews } from './ports';
import { ProposalCommandBook } from './proposal-command-book';
import { ProposalCommandSender } from './proposal-command-sender';
import { ProposalLife } from './proposal-life.service';
import type { ProposalEntity } from './proposal.entity';
import { storedBalance } from './stored';

/** Applies what QI says of balance queries. */
@Injectable()
export class BalanceNewsService {
  constructor(
    private readonly life: ProposalLife,
    private readonly commands: ProposalCommandBook,
    private readonly sender: ProposalCommandSender,
    @Inject(ORIGINATION_LIMITS) private readonly limits: OriginationLimits,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** The same webhook again changes nothing; one that is faster than the answer to our query waits for it. */
  async record(
    tx: EntityManager,
    webhook: WebhookEvent,
    { key, news }: { readonly key: string; readonly news: BalanceNews },
  ): Promise<Handling> {
    const proposal = await this.life.lockByBalance(tx, key);
    if (proposal === undefined) return { kind: 'waiting', correlationKey: key };
    const source = { webhookEventId: webhook.id, eventAtText: webhook.eventAtText };
    if (news.kind === 'received') await this.#received(tx, proposal, news, source);
    else await this.#refused(tx, proposal, news, source);
    return {
      kind: 'done',
      afterCommit: () => {
        this.sender.nudge();
      },
    };
  }

  async #received(
    tx: EntityManager,
    proposal: ProposalEntity,
    { snapshot }: Extract<BalanceNews, { kind: 'received' }>,
    source: { readonly webhookEventId: string; readonly eventAtText: string | undefined },
  ): Promise<void> {
    const step = await this.life.advance(
      tx,
      proposal,
      'balance_received',
      { ...source, kind: 'balance_received', summary: { periods: snapshot.periods.length } },
      {
        balance: storedBalance(snapshot),
        balanceAt: this.clock.now(),
        failureCode: null,
        failureText: null,
        retryAt: null,
      },
    );
    if (step?.effect !== 'applied') return;
    await this.#overtake(tx, proposal);
    await this.commands.intend(tx, { subject: proposal.id, action: 'read_balance', actor: 'system' });
  }

  async #refused(
    tx: EntityManager,
    proposal: ProposalEntity,
    news: Extract<BalanceNews, { kind: 'refused' }>,
    source: { readonly webhookEventId: string; readonly eventAtText: string | undefined },
  ): Promise<void> {
    const retryAt = await this.#retryAt(tx, proposal, news);
    const step = await this.life.advance(
      tx,
      proposal,
      'balance_refused',
      {
        ...source,
        kind: 'balance_refused',
        summary: { code: news.code, permitted_from: news.permittedFrom ?? null },
      },
      { failureCode: news.code, failureText: withoutDocumentNumbers(news.description) ?? null, retryAt },
    );
    if (step?.effect === 'applied') await this.#overtake(tx, proposal);
  }

  /** The webhook is the answer to a query whose own answer, or whose cancellation, is still on the way. */
  async #overtake(tx: EntityManager, proposal: ProposalEntity): Promise<void> {
    const live = await this.commands.liveOf(tx, proposal.id);
    if (live === undefined) return;
    await this.commands.settle(
      tx,
      live.id,
      live.action === 'query_balance' ? 'accepted' : 'withdrawn',
      'webhook',
    );
  }

  async #retryAt(
    tx: EntityManager,
    proposal: ProposalEntity,
    { code, permittedFrom }: Extract<BalanceNews, { kind: 'refused' }>,
  ): Promise<Date | null> {
    const [row] = await tx.query<{ failures: number }[]>(
      `SELECT count(*)::int AS failures FROM proposal_event WHERE proposal_id = $1 AND kind = 'balance_refused'`,
      [proposal.id],
    );
    const failed = { code, permittedFrom, failures: row?.failures ?? 0, now: this.clock.now() };
    return nextQueryAt(failed, this.limits) ?? null;
  }
}
