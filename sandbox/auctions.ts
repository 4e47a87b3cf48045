import { randomUUID } from 'node:crypto';
import {
  calendarDateAt,
  Decimal,
  parseJson,
  stringifyJson,
  isJsonObject,
  type JsonObject,
} from '../src/kernel';
import { ok, refusal, type Answer, type CallContext } from './answer';
import { firstDueDate, installmentOf, simulate, type LoanTerms } from './arithmetic';
import { AuctionMarket, type Rival } from './auction-market';
import type { AuctionPlan } from './auction-plan';
import type { Behaviour } from './behaviour';
import { drawRequest } from './borrowers';
import type { Fault } from './faults';
import { drawLoanPlan, loanPlanSchema, type LoanPlan } from './loan-plan';
import type { Loans } from './loans';
import * as payload from './payloads';
import { isNumber } from './fields';
import { readProposal, type ProposalTerms } from './proposals';
import { Random } from './random';
import type { Timeline } from './timeline';

/** One POST of a proposal, whatever came of it. */
export interface ProposalAttempt {
  readonly at: string;
  readonly requestControlKey: string | undefined;
  readonly auctionProposalKey: string | undefined;
  readonly status: number;
  /** False when a fault kept the answer from the partner. */
  readonly heard: boolean;
  readonly body: JsonObject;
}

export interface LiveProposal {
  readonly auctionProposalKey: string;
  readonly terms: ProposalTerms;
  readonly receivedAt: Date;
  readonly answer: Answer;
  readonly payout: {
    readonly amount: Decimal;
    readonly installment: Decimal;
    readonly dueDates: readonly string[];
  };
  status: 'bid' | 'won' | 'lost';
}

export interface Auction {
  readonly key: string;
  readonly number: number;
  readonly plan: AuctionPlan;
  readonly openedAt: Date;
  readonly limitAt: Date;
  readonly expiresAt: Date;
  readonly request: JsonObject;
  readonly rivals: readonly Rival[];
  readonly attempts: ProposalAttempt[];
  readonly proposals: LiveProposal[];
  readonly faults: Fault[];
  status: 'ongoing' | 'finished';
  creditOperationKey: string | undefined;
}

interface Surroundings {
  readonly seed: number;
  readonly behaviour: () => Behaviour;
  readonly timeline: Timeline;
  readonly loans: Loans;
  readonly announce: (auction: Auction, webhook: JsonObject) => void;
  readonly tellEnd: (
    auction: Auction,
    proposal: LiveProposal,
    write: (printedAt: Date) => JsonObject,
  ) => void;
}

const MARGIN_EXCEEDED = 'Calculated installment face value is greater than consigned credit balance';

/** Opens auctions, ranks proposals among rivals, and tells the partner how each ended. */
export class Auctions {
  readonly #auctions = new Map<string, Auction>();
  readonly #market: AuctionMarket;
  #opened = 0;

  constructor(private readonly around: Surroundings) {
    this.#market = new AuctionMarket(() => around.behaviour().rivals);
  }

  open(plan: AuctionPlan): Auction {
    const { seed, timeline } = this.around;
    const behaviour = this.around.behaviour();
    this.#opened += 1;
    const random = new Random(seed, `auction ${this.#opened}`);
    const openedAt = timeline.now();
    // Printed to the second, so the true limit is a whole second too: never earlier than promised.
    const limitAt = wholeSecond(openedAt, plan.window_seconds ?? behaviour.pace.window_seconds);
    const request = this.#request(random, plan, openedAt);
    const auction: Auction = {
      key: plan.issuer_proposal_request_key ?? randomUUID(),
      number: this.#opened,
      plan,
      openedAt,
      limitAt,
      expiresAt: wholeSecond(openedAt, plan.request_lives_seconds ?? behaviour.pace.request_lives_seconds),
      request,
      rivals: plan.rivals
        ? plan.rivals.map((rate) => ({ monthlyInterestRate: new Decimal(rate), bidsAt: openedAt }))
        : this.#market.draw(random, { request, openedAt }, limitAt),
      attempts: [],
      proposals: [],
      faults: [...plan.faults],
      status: 'ongoing',
      creditOperationKey: undefined,
    };
    this.#put(auction);
    this.#evict();
    if (!plan.silent) this.around.announce(auction, this.#webhook(auction));
    return auction;
  }

  /** Takes up the auctions of an earlier run; those opened from now on are others than it had. */
  resume(auctions: readonly Auction[], opened: number): void {
    for (const auction of auctions) this.#put(auction);
    this.#opened = Math.max(this.#opened, opened);
  }

  find(key: string): Auction | undefined {
    return this.#auctions.get(key);
  }

  all(): Auction[] {
    return [...this.#auctions.values()];
  }

  get opened(): number {
    return this.#opened;
  }

  clear(): void {
    this.#auctions.clear();
    this.#opened = 0;
  }

  propose(key: string, body: JsonObject, context: CallContext): Answer {
    const auction = this.#auctions.get(key);
    if (auction === undefined) {
      context.violation('unknown_key', key, 'no proposal request has this key');
      return refusal(404, 'Issuer proposal request not found', 'QIT000404');
    }
    const answer = this.#judge(auction, body, context);
    const controlKey = body['request_control_key'];
    const proposalKey = answer.body['auction_proposal_key'];
    auction.attempts.push({
      at: context.at.toISOString(),
      requestControlKey: typeof controlKey === 'string' ? controlKey : undefined,
      auctionProposalKey: typeof proposalKey === 'string' ? proposalKey : undefined,
      status: answer.status,
      heard: context.heard,
      body,
    });
    return answer;
  }

  #put(auction: Auction): void {
    this.#auctions.set(auction.key, auction);
    if (auction.status === 'finished') return;
    this.around.timeline.at(auction.limitAt, () => {
      this.#close(auction);
    });
  }

  #judge(auction: Auction, body: JsonObject, context: CallContext): Answer {
    const read = readProposal(body);
    if (!read.ok) return refusal(400, 'Invalid fields', 'QIT000001', read.problems);
    const { terms } = read;
    const repeated = this.#repetition(auction, terms, context);
    if (repeated !== undefined) return repeated;
    const second = this.#secondProposal(auction, terms, context);
    if (second !== undefined) return second;
    if (context.at >= auction.expiresAt) return refusal(400, 'Issuer proposal request is expired');
    if (auction.status !== 'ongoing') return refusal(400, 'Auction is already finished');
    return this.#accept(auction, terms, body, context.at);
  }

  /** The same control key again: the same terms are a repetition, other terms are a mistake. */
  #repetition(auction: Auction, terms: ProposalTerms, context: CallContext): Answer | undefined {
    if (terms.requestControlKey === undefined) return undefined;
    const earlier = auction.proposals.find(
      (live) => live.terms.requestControlKey === terms.requestControlKey,
    );
    if (earlier === undefined) return undefined;
    if (earlier.terms.fingerprint !== terms.fingerprint) {
      context.violation('control_key_reused', auction.key, 'same control key, other terms');
      return refusal(409, 'request_control_key was already used');
    }
    switch (this.around.behaviour().contract.repeated_control_key) {
      case 'replay':
        return earlier.answer;
      case 'reject':
        return refusal(409, 'request_control_key was already used');
      case 'accept':
        context.violation('proposal_doubled', auction.key, 'the repetition became a proposal of its own');
        return undefined;
    }
  }

  #secondProposal(auction: Auction, terms: ProposalTerms, context: CallContext): Answer | undefined {
    const live = auction.proposals.some((one) => one.terms.requestControlKey !== terms.requestControlKey);
    if (!live) return undefined;
    context.violation('second_proposal', auction.key, 'another control key while a proposal is live');
    return this.around.behaviour().contract.second_proposal === 'reject'
      ? refusal(409, 'There is already a proposal for this request')
      : undefined;
  }

  #accept(auction: Auction, terms: ProposalTerms, body: JsonObject, at: Date): Answer {
    const { contract } = this.around.behaviour();
    const loanTerms = { ...this.#calendar(at), ...terms };
    const installment = installmentOf(loanTerms, terms.amount).plus(contract.installment_drift);
    const balance = auction.request['consigned_credit_balance'];
    if (isNumber(balance) && installment.gt(balance)) return refusal(400, MARGIN_EXCEEDED);
    const simulation = { ...simulate(loanTerms, terms.amount), installmentFaceValue: installment };
    const auctionProposalKey = randomUUID();
    const answer = ok(
      payload.proposalAccepted({
        at,
        auctionProposalKey,
        issuerProposalRequestKey: auction.key,
        proposal: body,
        rankPosition:
          contract.rank_in_answer === 'current' ? rankOf(auction, terms.monthlyInterestRate, at) : null,
        simulation,
      }),
    );
    auction.proposals.push({
      auctionProposalKey,
      terms,
      receivedAt: at,
      answer,
      payout: { amount: simulation.disbursedIssueAmount, installment, dueDates: simulation.dueDates },
      status: 'bid',
    });
    // After the limit, with nobody before it, the first proposal wins at once.
    if (at >= auction.limitAt) {
      this.around.timeline.after(0.05, () => {
        this.#close(auction);
      });
    }
    return answer;
  }

  /** Ends the internal auction; without any proposal the request stays open for the first late one. */
  #close(auction: Auction): void {
    if (auction.status !== 'ongoing') return;
    if (auction.proposals.length === 0 && auction.rivals.length === 0) return;
    auction.status = 'finished';
    const ranked = [...auction.proposals].sort(
      (a, b) =>
        a.terms.monthlyInterestRate.cmp(b.terms.monthlyInterestRate) ||
        a.receivedAt.getTime() - b.receivedAt.getTime(),
    );
    for (const proposal of ranked) {
      const rank =
        rankOf(auction, proposal.terms.monthlyInterestRate, proposal.receivedAt) + ranked.indexOf(proposal);
      proposal.status = rank === 1 ? 'won' : 'lost';
      this.#tell(auction, proposal, rank);
    }
  }

  #tell(auction: Auction, proposal: LiveProposal, rank: number): void {
    const won = proposal.status === 'won';
    const creditOperationKey = won ? randomUUID() : null;
    this.around.tellEnd(auction, proposal, (at) =>
      payload.endOfAuction({
        at,
        auctionProposalKey: proposal.auctionProposalKey,
        issuerProposalRequestKey: auction.key,
        status: won ? 'won' : this.around.behaviour().contract.loss_status,
        rankPosition: rank,
        creditOperationKey,
      }),
    );
    if (creditOperationKey === null) return;
    auction.creditOperationKey = creditOperationKey;
    this.around.loans.open({
      creditOperationKey,
      issuerProposalRequestKey: auction.key,
      plan: this.#loanPlan(auction, proposal.terms.monthlyInterestRate),
      request: auction.request,
      payout: { ...proposal.payout, borrower: borrowerOf(auction.request) },
      monthlyInterestRate: proposal.terms.monthlyInterestRate,
    });
  }

  #loanPlan(auction: Auction, rate: Decimal): LoanPlan {
    const { loan, step_seconds } = auction.plan;
    if (loan !== undefined) return loanPlanSchema.parse(loan);
    const random = new Random(this.around.seed, `loan ${auction.number}`);
    const fate = this.#market.fate(random, auction, rate);
    return { ...drawLoanPlan(random, this.around.behaviour().loans, fate), step_seconds };
  }

  #request(random: Random, plan: AuctionPlan, at: Date): JsonObject {
    const { borrowers, contract } = this.around.behaviour();
    const drawn = drawRequest(random, plan.borrower ?? random.weighted(borrowers), this.#calendar(at));
    const written = { ...drawn, ...asJson(plan.request) };
    const named = random.chance(contract.table_names) ? withTableNames(written) : written;
    return Object.fromEntries(Object.entries(named).filter(([field]) => !plan.omit.includes(field)));
  }

  #webhook(auction: Auction): JsonObject {
    const { contract, webhooks } = this.around.behaviour();
    const skewed = (instant: Date): Date => new Date(instant.getTime() + webhooks.clock_skew_seconds * 1000);
    const webhook = payload.newIssuerProposalRequest({
      key: auction.key,
      at: skewed(auction.openedAt),
      limitAt: skewed(auction.limitAt),
      expiresAt: skewed(auction.expiresAt),
      deadlineZone: contract.deadline_zone,
      request: auction.request,
    });
    const { data, ...print } = asJson(auction.plan.print);
    const printedData = webhook['data'];
    return {
      ...webhook,
      ...print,
      data: { ...(isJsonObject(printedData) ? printedData : {}), ...(isJsonObject(data) ? data : {}) },
    };
  }

  #calendar(at: Date): Pick<LoanTerms, 'disbursementDate' | 'firstDueDate' | 'interestBase'> {
    const { payroll, interest_base: interestBase } = this.around.behaviour().contract;
    const disbursementDate = calendarDateAt(at);
    const rule = {
      cutoffDay: payroll.cutoff_day,
      monthsAfter: payroll.months_after,
      dueDay: payroll.due_day,
    };
    return { disbursementDate, firstDueDate: firstDueDate(disbursementDate, rule), interestBase };
  }

  /** Forgets the oldest auctions that nothing more can happen to. */
  #evict(): void {
    const surplus = this.#auctions.size - this.around.behaviour().keep.auctions;
    if (surplus <= 0) return;
    const now = this.around.timeline.now();
    let left = surplus;
    for (const [key, auction] of this.#auctions) {
      if (left === 0) return;
      const loan =
        auction.creditOperationKey === undefined
          ? undefined
          : this.around.loans.find(auction.creditOperationKey);
      if (auction.limitAt > now || (loan !== undefined && !this.around.loans.isFinal(loan))) continue;
      this.#auctions.delete(key);
      if (loan !== undefined) this.around.loans.forget(loan.creditOperationKey);
      left -= 1;
    }
  }
}

function wholeSecond(from: Date, seconds: number): Date {
  return new Date(Math.ceil((from.getTime() + seconds * 1000) / 1000) * 1000);
}

/** 1 plus the rivals that offer less, or the same earlier. */
function rankOf(auction: Auction, rate: Decimal, at: Date): number {
  return (
    1 +
    auction.rivals.filter(
      (rival) =>
        rival.monthlyInterestRate.lt(rate) || (rival.monthlyInterestRate.eq(rate) && rival.bidsAt <= at),
    ).length
  );
}

/** Plain JSON from a control call, with its numbers as decimals. */
function asJson(value: Record<string, unknown>): JsonObject {
  const json = parseJson(stringifyJson(value));
  return isJsonObject(json) ? json : {};
}

/** The field names of the manual's table, where they differ from its sample. */
function withTableNames(request: JsonObject): JsonObject {
  const names: Readonly<Record<string, string>> = {
    disbursed_issue_amount: 'disbursed_amount',
    issuer_registration_number: 'issuer_registration_code',
  };
  return Object.fromEntries(Object.entries(request).map(([field, value]) => [names[field] ?? field, value]));
}

function borrowerOf(request: JsonObject): payload.Person {
  const text = (field: string): string => {
    const value = request[field];
    return typeof value === 'string' ? value : '';
  };
  return {
    name: text('name'),
    documentNumber: text('document_number').replace(/\D/g, '').padStart(11, '0'),
    birthDate: text('birth_date'),
  };
}
