import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Handling, WebhookEvent } from '../inbox';
import { withoutDocumentNumbers, type Clock } from '../kernel';
import { SYSTEM_ACTOR } from '../operation';
import { CLOCK, FieldCipher } from '../platform';
import { openBorrower, sealBorrower } from './borrower-file';
import { nextQueryAt } from './domain';
import { ORIGINATION_LIMITS, type OriginationLimits } from './origination-limits';
import type { BalanceNews } from './ports';
import { ProposalCommandBook } from './proposal-command-book';
import { ProposalCommandSender } from './proposal-command-sender';
import { ProposalJudge } from './proposal-judge.service';
import { ProposalLife } from './proposal-life.service';
import { ProposalTasks } from './proposal-tasks';
import type { ProposalEntity } from './proposal.entity';
import { ProposalProducts } from './products/proposal-products';

/** Applies what QI says of balance queries. */
@Injectable()
export class BalanceNewsService {
  constructor(
    private readonly life: ProposalLife,
    private readonly commands: ProposalCommandBook,
    private readonly sender: ProposalCommandSender,
    private readonly judge: ProposalJudge,
    private readonly tasks: ProposalTasks,
    private readonly products: ProposalProducts,
    private readonly cipher: FieldCipher,
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
    if (news.kind === 'received' && news.snapshot.product !== proposal.product)
      return { kind: 'parked', reason: 'content_unclear' };
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
    const borrower = openBorrower(proposal, this.cipher);
    if (borrower === undefined) {
      await this.life.note(tx, proposal, { ...source, kind: 'balance_received' });
      return;
    }
    const product = this.products.of(proposal.product);
    const kept = product.keep(snapshot, borrower);
    const step = await this.life.advance(
      tx,
      proposal,
      'balance_received',
      { ...source, kind: 'balance_received', summary: kept.summary },
      {
        ...sealBorrower(proposal.id, kept.borrower, this.cipher),
        balance: kept.balance,
        balanceAt: this.clock.now(),
        failureCode: null,
        failureText: null,
        retryAt: null,
      },
    );
    if (step?.effect !== 'applied') return;
    await this.#overtake(tx, proposal);
    if (product.byKey === undefined) await this.judge.consider(tx, proposal);
    else await this.commands.intend(tx, { subject: proposal.id, action: 'read_balance', actor: 'system' });
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

  /** QI took the query and says nothing: what it says yet is applied all the same, and the query is asked again. */
  async neverCame(tx: EntityManager, proposal: ProposalEntity): Promise<void> {
    const code = 'balance_overdue';
    const retryAt = await this.#retryAt(tx, proposal, { code, permittedFrom: undefined });
    await this.life.advance(
      tx,
      proposal,
      'balance_refused',
      { kind: 'balance_overdue' },
      { failureCode: code, failureText: null, retryAt },
    );
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
    await this.tasks.settleUnknown(tx, proposal, SYSTEM_ACTOR);
  }

  async #retryAt(
    tx: EntityManager,
    proposal: ProposalEntity,
    { code, permittedFrom }: Pick<Extract<BalanceNews, { kind: 'refused' }>, 'code' | 'permittedFrom'>,
  ): Promise<Date | null> {
    const [row] = await tx.query<{ failures: number }[]>(
      `SELECT count(*)::int AS failures FROM proposal_event
       WHERE proposal_id = $1 AND kind IN ('balance_refused', 'balance_overdue')`,
      [proposal.id],
    );
    const failed = { code, permittedFrom, failures: row?.failures ?? 0, now: this.clock.now() };
    return nextQueryAt(this.products.of(proposal.product).failures, failed, this.limits) ?? null;
  }
}
