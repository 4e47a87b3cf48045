import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Handling, WebhookEvent } from '../inbox';
import { MINUTE_MS, withoutDocumentNumbers, type Clock } from '../kernel';
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

/** What the timeline keeps of an answer. */
interface Source {
  readonly key: string;
  /** To a query that was asked again since. */
  readonly isEarlier: boolean;
  readonly at: Date;
  readonly record: { readonly webhookEventId: string; readonly eventAtText: string | undefined };
}

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
    const isEarlier = proposal.balanceKey !== key;
    const record = { webhookEventId: webhook.id, eventAtText: webhook.eventAtText };
    const source = { key, isEarlier, at: webhook.receivedAt, record };
    if (news.kind === 'received' && news.snapshot.product !== proposal.product)
      return { kind: 'parked', reason: 'content_unclear' };
    if (news.kind === 'refused') await this.#refused(tx, proposal, news, source);
    else {
      if (isEarlier && (await this.#isSending(tx, proposal))) return { kind: 'waiting', correlationKey: key };
      await this.#received(tx, proposal, news, source);
    }
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
    source: Source,
  ): Promise<void> {
    const borrower = openBorrower(proposal, this.cipher);
    if (borrower === undefined || (source.isEarlier && (await this.#isOld(tx, proposal, source)))) {
      const summary = { balance_key: source.key };
      await this.life.note(tx, proposal, { ...source.record, kind: 'balance_received', summary });
      return;
    }
    const product = this.products.of(proposal.product);
    const kept = product.keep(snapshot, borrower);
    const step = await this.life.advance(
      tx,
      proposal,
      'balance_received',
      {
        ...source.record,
        kind: 'balance_received',
        summary: { ...kept.summary, balance_key: source.key },
      },
      {
        ...sealBorrower(proposal.id, kept.borrower, this.cipher),
        balanceKey: source.key,
        balance: kept.balance,
        balanceAt: source.at,
        failureCode: null,
        failureText: null,
        retryAt: null,
      },
    );
    if (step?.effect !== 'applied') return;
    await this.#overtake(tx, proposal, source);
    if (product.byKey === undefined) await this.judge.consider(tx, proposal);
    else await this.commands.intend(tx, { subject: proposal.id, action: 'read_balance', actor: 'system' });
  }

  async #refused(
    tx: EntityManager,
    proposal: ProposalEntity,
    news: Extract<BalanceNews, { kind: 'refused' }>,
    source: Source,
  ): Promise<void> {
    const record = {
      ...source.record,
      kind: 'balance_refused' as const,
      summary: { code: news.code, permitted_from: news.permittedFrom ?? null, balance_key: source.key },
    };
    // The query that was asked since is waited for: it may fare better.
    if (source.isEarlier) {
      await this.life.note(tx, proposal, record);
      return;
    }
    const retryAt = await this.#retryAt(tx, proposal, news);
    const step = await this.life.advance(tx, proposal, 'balance_refused', record, {
      failureCode: news.code,
      failureText: withoutDocumentNumbers(news.description) ?? null,
      retryAt,
    });
    if (step?.effect === 'applied') await this.#overtake(tx, proposal, source);
  }

  /** QI took the query and says nothing: a balance that comes yet counts all the same, and the query is asked again. */
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

  /** The key of a query that is on its way is not known yet: what comes of it would find nobody if it were given up now. */
  async #isSending(tx: EntityManager, { id }: ProposalEntity): Promise<boolean> {
    return (await this.commands.liveOf(tx, id))?.status === 'sending';
  }

  /** A balance of an earlier query that was heard before, or when it was not expected any more, is none of now. */
  async #isOld(tx: EntityManager, { id }: ProposalEntity, { key, at }: Source): Promise<boolean> {
    if (this.clock.now().getTime() - at.getTime() > this.limits.answer_within_minutes * MINUTE_MS)
      return true;
    const heard = await tx.query<unknown[]>(
      `SELECT FROM proposal_event
       WHERE proposal_id = $1 AND kind = 'balance_received' AND summary ->> 'balance_key' = $2 LIMIT 1`,
      [id, key],
    );
    return heard.length > 0;
  }

  /**
   * The webhook is the answer to a query whose own answer, or whose cancellation, is still on the way; or it makes needless
   * that the query is asked again.
   */
  async #overtake(tx: EntityManager, proposal: ProposalEntity, { isEarlier }: Source): Promise<void> {
    const live = await this.commands.liveOf(tx, proposal.id);
    if (live === undefined) return;
    const isAnswered = live.action === 'query_balance' && !isEarlier;
    await this.commands.settle(tx, live.id, isAnswered ? 'accepted' : 'withdrawn', 'webhook');
    await this.tasks.settleUnknown(tx, proposal, SYSTEM_ACTOR);
  }

  async #retryAt(
    tx: EntityManager,
    proposal: ProposalEntity,
    { code, permittedFrom }: Pick<Extract<BalanceNews, { kind: 'refused' }>, 'code' | 'permittedFrom'>,
  ): Promise<Date | null> {
    const [row] = await tx.query<{ failures: number }[]>(
      `SELECT count(*)::int AS failures FROM proposal_event
       WHERE proposal_id = $1 AND kind IN ('balance_refused', 'balance_overdue') AND effect <> 'noted'`,
      [proposal.id],
    );
    const failed = { code, permittedFrom, failures: row?.failures ?? 0, now: this.clock.now() };
    const product = this.products.of(proposal.product);
    const at = nextQueryAt(product.failures, failed, this.limits);
    return at === undefined ? null : product.opensAt('query_balance', at);
  }
}
