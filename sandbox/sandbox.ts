import { calendarDateAt, stringifyJson, type JsonObject } from '../src/kernel';
import { ok, refusal, type Answer, type CallContext } from './answer';
import { auctionPlanSchema, type AuctionOverrides } from './auction-plan';
import { Auctions, type Auction } from './auctions';
import { changeBehaviour, type Behaviour, type BehaviourChange } from './behaviour';
import { Debts } from './debts/debts';
import { InternalAccounts } from './debts/internal-accounts';
import { Uploads } from './debts/uploads';
import { WebhookDelivery, type Attempt, type Subject } from './delivery';
import { drawFault, type Fault } from './faults';
import { FederalPayroll } from './federal-payroll/federal-payroll';
import { Fgts } from './fgts/fgts';
import { objectOf, textOf } from './fields';
import { Journal, type Call, type Log, type Violation } from './ledger';
import { Loans, type LoanCommand } from './loans';
import { listNotifications } from './notifications';
import { admits, readFilter, type PartnerFilter } from './partner-filter';
import { Random } from './random';
import type { Identity } from './signing';
import { Timeline } from './timeline';

export interface RawWebhook {
  /** The body, as an object or as text that need not be JSON. */
  readonly body: unknown;
  /** Deliveries at the same moment. */
  readonly times?: number;
  readonly badSignature?: boolean;
}

/** QI's side of everything: it owns the auctions, the loans, the webhooks and the books. */
export class QiSandbox {
  readonly loans: Loans;
  readonly auctions: Auctions;
  readonly debts: Debts;
  readonly fgts: Fgts;
  readonly federalPayroll: FederalPayroll;
  readonly internalAccounts: InternalAccounts;
  readonly uploads: Uploads;
  readonly delivery: WebhookDelivery;
  readonly calls = new Journal<Call>();
  readonly violations = new Journal<Violation>();
  #behaviour: Behaviour;
  #filter: PartnerFilter | undefined;
  #announced = { day: '', count: 0 };
  #faults: Random;

  constructor(
    private readonly seed: number,
    readonly identity: Identity,
    private readonly initial: Behaviour,
    readonly log: Log,
    readonly timeline = new Timeline(),
  ) {
    this.#behaviour = initial;
    this.#faults = new Random(seed, 'faults of calls');
    const behaviour = (): Behaviour => this.#behaviour;
    this.delivery = new WebhookDelivery({
      behaviour,
      identity,
      timeline,
      log,
      random: new Random(seed, 'faults of webhooks'),
    });
    this.loans = new Loans({
      behaviour,
      timeline,
      send: (loan, write) => {
        this.#send(write, loan.creditOperationKey);
      },
    });
    this.uploads = new Uploads(() => this.#behaviour.keep.uploads);
    this.fgts = new Fgts({
      seed,
      behaviour,
      timeline,
      debts: () => this.debts.all(),
      send: (key, write) => {
        this.#send(write, key);
      },
    });
    this.federalPayroll = new FederalPayroll({
      behaviour,
      timeline,
      debts: () => this.debts.all(),
      send: (key, write) => {
        this.#send(write, key);
      },
    });
    this.internalAccounts = new InternalAccounts(seed, () => this.#behaviour.keep.debts);
    this.debts = new Debts(
      {
        behaviour,
        timeline,
        send: (debt, write) => {
          this.#send(write, debt.key);
        },
      },
      [this.fgts.endorsement, this.federalPayroll.reservation],
      this.uploads,
      (key) => this.federalPayroll.batches.find(key),
    );
    this.auctions = new Auctions({
      seed,
      behaviour,
      timeline,
      loans: this.loans,
      announce: (auction, webhook) => {
        this.#announce(auction, webhook);
      },
      tellEnd: (auction, proposal, write) => {
        log('auction_ended', { key: auction.key, status: proposal.status });
        this.#send(write, proposal.auctionProposalKey);
      },
    });
  }

  get behaviour(): Behaviour {
    return this.#behaviour;
  }

  /** @throws BehaviourError when a field is wrong or unknown; nothing is changed then. */
  changeBehaviour(change: BehaviourChange): Behaviour {
    this.#behaviour = changeBehaviour(this.#behaviour, change);
    return this.#behaviour;
  }

  /** @throws ZodError when an override is wrong or unknown. */
  openAuction(overrides: AuctionOverrides = {}): Auction {
    const auction = this.auctions.open(auctionPlanSchema.parse(overrides));
    this.log('auction_opened', { key: auction.key, limit: auction.limitAt.toISOString() });
    return auction;
  }

  /** Sends a webhook of the test's own making, signed as QI would; resolves with each first attempt. */
  async sendWebhook(raw: RawWebhook): Promise<Attempt[]> {
    const text = typeof raw.body === 'string' ? raw.body : stringifyJson(raw.body);
    const event = this.delivery.record(text, subjectOf(raw.body));
    const badSignature = raw.badSignature ?? false;
    return Promise.all(
      Array.from({ length: raw.times ?? 1 }, () =>
        this.delivery.deliver(event, { badSignature, retriesLeft: 0 }),
      ),
    );
  }

  /** The fault the next call of this kind will meet. */
  faultFor(operation: string, key: string, body: JsonObject): Fault {
    const script =
      operation === 'propose'
        ? this.auctions.find(key)?.faults
        : (this.loans.faultScript(key, operation as LoanCommand) ??
          this.#plannedFaults(this.#borrowerOf(key, body), operation));
    return drawFault(this.#faults, this.#behaviour.api, script);
  }

  contextOf(fault: Fault): CallContext {
    return {
      at: this.timeline.now(),
      heard: fault === 'none' || fault === 'slow',
      violation: (kind, key, detail) => {
        this.violations.add(
          { at: this.timeline.now().toISOString(), kind, key, detail },
          this.#behaviour.keep.calls,
        );
        this.log('VIOLATION', { kind, key, detail });
      },
    };
  }

  setFilter(body: JsonObject): Answer {
    const read = readFilter(body);
    if (!read.ok) return refusal(400, 'Invalid fields', 'QIT000001', read.problems);
    this.#filter = read.filter;
    return ok(body, 201);
  }

  /** QI's own mock endpoint: a request for a proposal, made up by the partner. */
  mockRequest(body: JsonObject): Answer {
    const auction = this.openAuction({ request: body });
    return ok({ issuer_proposal_request_key: auction.key, status: 'ongoing' }, 201);
  }

  listNotifications(query: URLSearchParams): Answer {
    return listNotifications(this.delivery.journal.entries, query);
  }

  resend(eventKey: string, callbackKey: string): Answer {
    const event = this.delivery.journal.entries.find(
      (one) => one.eventKey === eventKey && one.callbackKey === callbackKey,
    );
    if (event === undefined) return refusal(404, 'Notification not found', 'QIT000404');
    void this.delivery.deliver(event);
    return ok({ event_key: eventKey, callback_key: callbackKey, callback_status: 'pending' });
  }

  /** Forgets everything that happened; the same seed begins anew. */
  reset(): void {
    this.timeline.clear();
    this.delivery.clear();
    this.auctions.clear();
    this.loans.clear();
    this.debts.clear();
    this.fgts.clear();
    this.federalPayroll.clear();
    this.internalAccounts.clear();
    this.uploads.clear();
    this.calls.clear();
    this.violations.clear();
    this.#faults = new Random(this.seed, 'faults of calls');
    this.#filter = undefined;
    this.#announced = { day: '', count: 0 };
    const { url } = this.#behaviour.webhooks;
    this.#behaviour = { ...this.initial, webhooks: { ...this.initial.webhooks, url } };
  }

  close(): void {
    this.timeline.close();
    this.delivery.close();
  }

  /** The faults a plan has left for this operation. */
  #plannedFaults(cpf: string, operation: string): Fault[] | undefined {
    return this.fgts.plans.of(cpf)?.faults[operation] ?? this.federalPayroll.plans.of(cpf)?.faults[operation];
  }

  /** The CPF that a call is about: of the debt or the query it names, or in its body, or its path. */
  #borrowerOf(key: string, body: JsonObject): string {
    return (
      this.debts.find(key)?.borrower.documentNumber ??
      this.fgts.balances.find(key)?.documentNumber ??
      this.federalPayroll.queries.find(key)?.documentNumber ??
      (textOf(body['document_number'] ?? objectOf(body['borrower'])['individual_document_number']) || key)
    );
  }

  #announce(auction: Auction, webhook: JsonObject): void {
    const day = calendarDateAt(auction.openedAt);
    if (this.#announced.day !== day) this.#announced = { day, count: 0 };
    if (this.#filter !== undefined && !admits(this.#filter, auction.request, this.#announced.count)) return;
    this.#announced.count += 1;
    this.delivery.send(this.#wrapped(webhook), subjectOf(webhook));
  }

  #send(write: (printedAt: Date) => JsonObject, originKey: string): void {
    const skewMs = this.#behaviour.webhooks.clock_skew_seconds * 1000;
    const webhook = write(new Date(this.timeline.now().getTime() + skewMs));
    this.delivery.send(this.#wrapped(webhook), { ...subjectOf(webhook), originKey });
  }

  #wrapped(webhook: JsonObject): JsonObject {
    const wrap = this.#behaviour.contract.wrapped === 'all' && !('webhook' in webhook);
    return wrap ? { webhook } : webhook;
  }
}

function subjectOf(webhook: unknown): Subject {
  const outer = isRecord(webhook) ? webhook : {};
  const inner = isRecord(outer['webhook']) ? outer['webhook'] : outer;
  const text = (field: string): string => (typeof inner[field] === 'string' ? inner[field] : '');
  return { webhookType: text('webhook_type'), status: text('status'), originKey: text('key') };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
