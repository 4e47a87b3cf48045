import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { Counter, Registry } from 'prom-client';
import type { PolicyVersion } from '../../policy';
import { capsOf, declinedAfterAll, type Decision } from '../../decision/domain';
import { ExposureBook, usesOf, type Caps, type Parties } from '../../exposure';
import { MINUTE_MS, Decimal, type Clock } from '../../kernel';
import {
  BlindIndex,
  CLOCK,
  ClockWatch,
  closedCounter,
  FieldCipher,
  LOGGER,
  METRICS,
  SETTINGS,
  isRowError,
  type Logger,
  type Settings,
} from '../../platform';
import type { AuctionJob } from '../domain/auction-job';
import type { AuctionStatus } from '../domain/auction-status';
import { mayBeBidAlready } from '../domain/deadline';
import { deadlineBudget } from '../domain/deadline-budget';
import type { DecisionInputs } from '../domain/decide';
import { storedRateModel } from '../domain/decision-context';
import type { ProposalRequest } from '../domain/proposal-request';
import type { StatusReason, UnbidReason } from '../domain/status-reasons';
import type { Moment } from '../domain/mark-age';
import { TerminalLines } from './terminal-lines.service';
import { exposureRow } from './bid-exposure';
import { bidRow, newLiveBid, type LiveBid } from './bid-rows';
import { auctionCorrelation } from './correlation';
import { DecisionInputsSource } from './decision-inputs.service';
import { decisionRow } from './decision-record';
import { decideWithinFunding, type HeldDecision } from './funding';
import {
  AuctionLedger,
  LedgerRefusedError,
  type AuctionRow,
  type BidRow,
  type DecidedBatch,
  type DecisionRow,
  type ExposureRow,
  type StandingsAnswer,
} from './ledger';
import { auctionRow, partiesOf, type Opening } from './opening';
import { QiLatency } from './qi-latency.service';
import { ShadowDecisions } from './shadow-decisions.service';
import { UnbidCount } from './unbid-count.service';

const ZERO = new Decimal(0);

/** An auction that waits for its decision. */
export interface Undecided {
  readonly job: AuctionJob;
  readonly request: ProposalRequest;
  readonly opening: Opening;
  /** The webhook to be applied with it; undefined for an auction that stands on disk already. */
  readonly eventId: string | undefined;
}

/** What became of it. */
export type Outcome =
  /** On disk; there is nothing to send. */
  | { readonly kind: 'recorded' }
  /** On disk as SENDING since `markedAt`. */
  | { readonly kind: 'to_send'; readonly bid: LiveBid; readonly markedAt: Moment }
  /** It was on disk before, by a commit of ours whose answer was lost: nothing has been sent of it. */
  | { readonly kind: 'written_before' }
  /** Not for the ledger: its end came before it, another webhook opened it, or its decision threw. */
  | { readonly kind: 'apart'; readonly parkedFor: 'decision_failed' | undefined }
  /** Another process has taken it over. */
  | { readonly kind: 'not_ours' }
  /** Nothing of it is known to be on disk. */
  | { readonly kind: 'failed'; readonly error: unknown };

type Window = 'on_time' | 'late' | 'over';

/**
 * One pure decision for each auction of a batch, all written in one commit: opened, decided, reserved and marked as
 * SENDING. Whatever is ready while the previous batch is being written goes into the next one.
 */
@Injectable()
export class DecideAuctionsService {
  readonly #decisions: Counter<'outcome'>;

  constructor(
    private readonly ledger: AuctionLedger,
    private readonly inputs: DecisionInputsSource,
    private readonly exposure: ExposureBook,
    private readonly latency: QiLatency,
    private readonly lines: TerminalLines,
    private readonly unbidCount: UnbidCount,
    private readonly shadows: ShadowDecisions,
    private readonly cipher: FieldCipher,
    private readonly blindIndex: BlindIndex,
    private readonly clockWatch: ClockWatch,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(METRICS) metrics: Registry,
  ) {
    this.#decisions = closedCounter(metrics, {
      name: 'arremate_decisions_total',
      help: 'Auctions decided, by outcome',
      labels: { outcome: ['bid', 'no_bid'] },
    });
  }

  /** Whether there is no time left to bid for it, on time or late. */
  isHopeless({ limitAt, expirationAt }: Pick<AuctionJob, 'limitAt' | 'expirationAt'>): boolean {
    return this.#windowOf({ limitAt, expirationAt }, this.inputs.currentPolicy()) === 'over';
  }

  /** Whether the limit has passed, and a bid for it would be a late one. */
  isLate({ limitAt, expirationAt }: Pick<AuctionJob, 'limitAt' | 'expirationAt'>): boolean {
    return this.#windowOf({ limitAt, expirationAt }, this.inputs.currentPolicy()) === 'late';
  }

  /** Our clock is off: whoever has a right one decides it, until its limit has passed by the database's. */
  isLeftToOthers({ limitAt }: Pick<AuctionJob, 'limitAt'>): boolean {
    return this.clockWatch.isOff && this.clockWatch.databaseNow() < limitAt;
  }

  /** Decides auctions in the order given. Never throws: what could not be written is `failed`. */
  async decide(batch: readonly Undecided[]): Promise<ReadonlyMap<Undecided, Outcome>> {
    const outcomes = new Map<Undecided, Outcome>();
    for (const each of batch) if (this.isLeftToOthers(each.job)) outcomes.set(each, { kind: 'not_ours' });
    let rest: readonly Undecided[] = batch.filter((each) => !outcomes.has(each));
    // Until the limit: whoever bids for the same borrower meanwhile has changed the facts.
    while (rest.length > 0) {
      const policies = this.inputs.policiesInForce();
      try {
        await this.#decideOnce(rest, policies, outcomes);
        break;
      } catch (error) {
        if (isOutOfDate(error)) rest = await this.#without(error, rest, policies, outcomes);
        else if (isRowError(error) && rest.length > 1) return this.#decideInHalves(rest, outcomes);
        else rest = this.#fail(rest, error, outcomes);
      }
    }
    return outcomes;
  }

  /** One row that cannot be written must not take its neighbours along. */
  async #decideInHalves(
    batch: readonly Undecided[],
    outcomes: Map<Undecided, Outcome>,
  ): Promise<ReadonlyMap<Undecided, Outcome>> {
    const middle = Math.ceil(batch.length / 2);
    const halves = [await this.decide(batch.slice(0, middle)), await this.decide(batch.slice(middle))];
    return new Map([...outcomes, ...halves.flatMap((half) => [...half])]);
  }

  #fail(
    batch: readonly Undecided[],
    error: unknown,
    outcomes: Map<Undecided, Outcome>,
  ): readonly Undecided[] {
    for (const each of batch) outcomes.set(each, { kind: 'failed', error });
    return [];
  }

  /** What is left to decide again once those are taken out that the refusal is about. */
  async #without(
    refused: LedgerRefusedError,
    batch: readonly Undecided[],
    policies: readonly string[],
    outcomes: Map<Undecided, Outcome>,
  ): Promise<readonly Undecided[]> {
    const { refusal } = refused;
    try {
      if (refusal === 'auction_exists') {
        const existing = await this.ledger.existing(batch.map(({ job }) => job.key));
        const toApply = await this.#stillToApply(batch);
        return batch.filter((each) => {
          const openedBy = existing.get(each.job.key);
          if (openedBy === undefined) return true;
          // A commit of ours has applied its webhook as well; one that is still to be applied was replayed since. That of
          // another process looks the same, but its lease is not ours: the mark before the POST is refused.
          const isOurCommit = openedBy === each.opening.eventId && !toApply.has(each.opening.eventId);
          outcomes.set(
            each,
            isOurCommit ? { kind: 'written_before' } : { kind: 'apart', parkedFor: undefined },
          );
          return false;
        });
      }
      if (refusal === 'event_lost') {
        const ours = await this.#stillToApply(batch);
        return batch.filter((each) => {
          if (each.eventId === undefined || ours.has(each.eventId)) return true;
          outcomes.set(each, { kind: 'not_ours' });
          return false;
        });
      }
      // Where the new one cannot be learnt now, whoever looks for what is left tries again.
      if (refusal === 'policy_changed' && !(await this.inputs.knowsOtherPolicies(policies)))
        return this.#fail(batch, refused, outcomes);
      if (refusal === 'rates_changed') await this.inputs.lookAtRates();
      return batch;
    } catch (error) {
      return this.#fail(batch, error, outcomes);
    }
  }

  /** Of the webhooks of these, those that are on disk as ours and not applied. */
  #stillToApply(batch: readonly Undecided[]): Promise<ReadonlySet<string>> {
    return this.ledger.stillOurs(batch.flatMap(({ eventId }) => eventId ?? []));
  }

  async #decideOnce(
    batch: readonly Undecided[],
    policies: readonly string[],
    outcomes: Map<Undecided, Outcome>,
  ): Promise<void> {
    const policy = this.inputs.currentPolicy();
    const now = this.clock.now();
    const asked = batch.map((each) => ({
      ...each,
      each,
      window: this.#windowOf(each.job, policy),
      parties: partiesOf(each.request, this.blindIndex),
    }));
    const timely = asked.filter(({ window }) => window !== 'over');
    const caps = capsOf(policy.compiled);
    const known = await this.#whereWeStand(timely, caps, now);
    const verdicts: Verdict[] = [];
    for (const one of asked) {
      const verdict = this.#verdictAmong(one, { policy, caps, now, ...known });
      if (verdict === undefined) outcomes.set(one.each, { kind: 'apart', parkedFor: undefined });
      else if (verdict === 'decision_failed') outcomes.set(one.each, { kind: 'apart', parkedFor: verdict });
      else verdicts.push(verdict);
    }
    if (verdicts.length === 0) return;
    const markedAt = { at: this.clock.now(), monotonicMs: this.clock.monotonicMs() };
    await this.ledger.commitDecisions({
      ...rowsOf(verdicts),
      counters: known.standings.changes(),
      policies,
      rates: verdicts.find(({ rates }) => rates !== undefined)?.rates,
    });
    const writtenAt = this.clock.now();
    for (const verdict of verdicts) {
      const { undecided, live, report } = verdict;
      traceDecision(verdict, { begunAt: now, decidedAt: markedAt.at, writtenAt, batch: batch.length });
      outcomes.set(
        undecided,
        live === undefined ? { kind: 'recorded' } : { kind: 'to_send', bid: live, markedAt },
      );
      report();
    }
  }

  /** @returns undefined for an auction whose end waits for it. */
  #verdictAmong(asked: Asked, terms: DecisionTerms): Verdict | 'decision_failed' | undefined {
    const { request, job, window } = asked;
    const longestWindowMs = this.settings.engine.auction.longest_window_minutes * MINUTE_MS;
    if (mayBeBidAlready(request.eventAtText, job.limitAt, longestWindowMs, terms.bidsFrom))
      return this.#unbid(asked, 'unknown', 'before_restore');
    if (this.clockWatch.isOff) return this.#unbid(asked, 'missed', 'clock_off');
    if (window === 'over') return this.#unbid(asked, 'missed', 'no_time');
    return terms.waitingFor.has(auctionCorrelation(job.key))
      ? undefined
      : this.#verdictOn(asked, window, terms);
  }

  #whereWeStand(asked: readonly Asked[], caps: Caps, now: Date): Promise<StandingsAnswer> {
    // Whatever they offer, it counts in these; what all share is asked for once.
    const counters = new Map(
      asked
        .flatMap(({ parties }) => usesOf(ZERO, parties, now, caps))
        .flatMap(({ name, key }) => (key === undefined ? [] : [[`${name} ${key}`, { name, key }] as const])),
    );
    return this.ledger.standings({
      parties: asked.map(({ parties }) => parties),
      counters: [...counters.values()],
      correlationKeys: asked.map(({ job }) => auctionCorrelation(job.key)),
    });
  }

  /** Ended without a decision. */
  #unbid(asked: Asked, status: 'missed' | 'unknown', reason: UnbidReason): Verdict {
    const { each, job, eventId } = asked;
    return {
      undecided: each,
      auction: this.#auctionRow(asked, status, reason),
      eventId,
      report: () => {
        this.unbidCount.add(reason);
        this.logger.warn({ auction: job.key, reason }, `auction ${status}`);
        this.lines.notBid(job.key, status, reason);
      },
    };
  }

  /** An exception in the pure decision is a bug: no bid, and somebody must know. */
  #verdictOn(asked: Asked, window: 'on_time' | 'late', terms: DecisionTerms): Verdict | 'decision_failed' {
    const { job, request, parties } = asked;
    const standing = terms.standings.of(parties);
    const inputs = this.inputs.inputsOf(terms.policy, request, parties, standing, {
      now: terms.now,
      limitAt: job.limitAt,
      window,
      installmentBelow: undefined,
    });
    try {
      const held = decideWithinFunding(inputs, parties, terms);
      this.exposure.noteReached(held.reached);
      return this.#verdict(asked, held, terms);
    } catch (error) {
      this.logger.error({ err: error, auction: job.key }, 'decision failed: no bid is made');
      return 'decision_failed';
    }
  }

  #verdict(
    asked: Asked,
    { inputs, decision: decided, uses, stopped: byLimits }: HeldDecision,
    terms: DecisionTerms,
  ): Verdict {
    const { added } = byLimits;
    const decision = added.length === 0 ? decided : declinedAfterAll(decided, added);
    const { each, job, eventId, parties } = asked;
    const { now } = terms;
    const { context, window } = inputs;
    const rateModel = storedRateModel(inputs.rateModel);
    const report = (): void => {
      this.#report(job, decision, inputs);
    };
    const common = {
      undecided: each,
      eventId,
      rates: inputs.rateModel?.version.kind === 'usable' ? inputs.rateModel.version.hash : undefined,
      decision: decisionRow(
        job.key,
        now,
        decision,
        { context, window, installmentBelow: undefined, rateModel, ...byLimits },
        { ordinal: 1, dataSha256: this.inputs.dataSha256 },
      ),
    };
    if (decision.outcome === 'no_bid') {
      const auction = this.#auctionRow(asked, 'declined', null);
      return { ...common, auction, report };
    }
    const { bid } = decision;
    const identity = {
      auctionKey: job.key,
      requestControlKey: randomUUID(),
      ordinal: 1,
      createdAt: now,
      submitBy: window === 'late' ? job.expirationAt : job.limitAt,
    };
    const stopped = this.#stoppedBy(terms);
    if (stopped !== undefined) {
      return {
        ...common,
        auction: this.#auctionRow(asked, 'missed', stopped),
        bid: bidRow(identity, bid, { status: 'withdrawn', reason: stopped }),
        report: () => {
          report();
          this.unbidCount.add(stopped);
          this.lines.notBid(job.key, 'missed', stopped);
        },
      };
    }
    terms.standings.reserve(parties, bid.monthlyInterestRate, uses);
    return {
      ...common,
      auction: this.#auctionRow(asked, 'bidding', null),
      bid: bidRow(identity, bid, { status: 'sending' }),
      exposure: exposureRow(identity, bid, parties),
      live: newLiveBid(identity, bid, { status: 'sending', policyHash: decision.policy.hash }),
      report,
    };
  }

  /** What keeps every bid from being sent now. */
  #stoppedBy({ isKillSwitchEngaged }: DecisionTerms): 'dry_run' | 'kill_switch' | undefined {
    if (this.settings.ARREMATE_DRY_RUN) return 'dry_run';
    return isKillSwitchEngaged ? 'kill_switch' : undefined;
  }

  /** Late is a price, not an error: after the limit the first proposal wins if nobody bid, where the policy allows it. */
  #windowOf(
    { limitAt, expirationAt }: Pick<AuctionJob, 'limitAt' | 'expirationAt'>,
    policy: PolicyVersion,
  ): Window {
    const terms = {
      networkMarginMs: this.settings.engine.auction.network_margin_ms,
      expectedLatencyMs: this.latency.expectedMs(),
    };
    const isOpen = (until: Date): boolean => deadlineBudget(this.clock.now(), until, terms).kind === 'enough';
    if (isOpen(limitAt)) return 'on_time';
    return policy.compiled.policy.late_bidding.enabled && isOpen(expirationAt) ? 'late' : 'over';
  }

  #auctionRow({ opening, parties }: Asked, status: AuctionStatus, reason: StatusReason | null): AuctionRow {
    return {
      ...auctionRow(opening, parties, this.cipher),
      status,
      status_reason: reason,
    };
  }

  #report(job: AuctionJob, decision: Decision, inputs: DecisionInputs): void {
    this.#decisions.inc({ outcome: decision.outcome });
    const codes = decision.reasons.map((reason) => reason.code);
    this.logger.info(
      { auction: job.key, outcome: decision.outcome, reasons: codes, policy: decision.policy.hash },
      'auction decided',
    );
    if (decision.outcome === 'no_bid') this.lines.declined(job.key, codes);
    this.shadows.follow(inputs);
  }
}

/** An auction of the batch, and what is asked about it. */
interface Asked extends Undecided {
  readonly each: Undecided;
  readonly window: Window;
  readonly parties: Parties;
}

/** What all decisions of a batch have in common. */
interface DecisionTerms extends StandingsAnswer {
  readonly policy: PolicyVersion;
  readonly caps: Caps;
  readonly now: Date;
}

/** What one auction adds to what the batch writes. */
interface Verdict {
  readonly undecided: Undecided;
  readonly eventId: string | undefined;
  readonly auction: AuctionRow;
  readonly decision?: DecisionRow;
  readonly bid?: BidRow;
  readonly exposure?: ExposureRow;
  /** The version of learned rates that it was decided with: the same for all of a batch that have one. */
  readonly rates?: string | undefined;
  /** The bid that is to be sent. */
  readonly live?: LiveBid;
  /** Says so, once it is on disk. */
  readonly report: () => void;
}

function rowsOf(verdicts: readonly Verdict[]): Omit<DecidedBatch, 'counters' | 'policies' | 'rates'> {
  return {
    auctions: verdicts.map(({ auction }) => auction),
    decisions: verdicts.flatMap(({ decision }) => decision ?? []),
    bids: verdicts.flatMap(({ bid }) => bid ?? []),
    exposures: verdicts.flatMap(({ exposure }) => exposure ?? []),
    eventIds: verdicts.flatMap(({ eventId }) => eventId ?? []),
  };
}

/** Ends the trace of what is not sent. */
function traceDecision(
  { undecided: { job }, auction, live, decision }: Verdict,
  { begunAt, decidedAt, writtenAt, batch }: DecisionTimes,
): void {
  const leftMs = job.limitAt.getTime() - begunAt.getTime();
  job.trace?.step('decide', begunAt, decidedAt, {
    'decision.outcome': decision?.outcome ?? 'none',
    'decision.batch': batch,
    'auction.left_ms': leftMs,
  });
  job.trace?.step('write decision', decidedAt, writtenAt);
  if (live !== undefined) return;
  const { status, status_reason: reason } = auction;
  const attributes = { 'auction.status': status, ...(reason !== null && { 'auction.reason': reason }) };
  job.trace?.end(writtenAt, attributes, status === 'declined' ? 'well' : 'wrong');
}

interface DecisionTimes {
  readonly begunAt: Date;
  readonly decidedAt: Date;
  readonly writtenAt: Date;
  /** Auctions that were decided together. */
  readonly batch: number;
}

/** Refused for what has changed since it was read; on another history, waiting is all that helps. */
function isOutOfDate(error: unknown): error is LedgerRefusedError {
  return error instanceof LedgerRefusedError && error.refusal !== 'other_history';
}
