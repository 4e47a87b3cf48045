import type { Violation } from '../../sandbox/ledger';
import { cnpjRoot } from '../../src/kernel';
import { FGTS_BALANCE_WEBHOOK_TYPES, MARGIN_WEBHOOK_TYPES } from '../../src/qi/webhook-types';
import { marginsThatContradict, rowsThatContradict } from '../support/auditor';
import { limitsPassed } from './caps';
import type { Clerk } from './clerk';
import type { CreditTeam } from './credit-team';
import type { LogBook } from './log-book';
import type { Partner } from './partner';
import { mayHaveLeftInTime, mayWaitForPayroll } from './payroll-hours';
import { PersonalDataWatch } from './personal-data';
import type { Scheduler } from './scheduler';
import type { Queries } from './simulated-database';
import type { SimulatedQi } from './simulated-qi';

/** The promises, each by its name. docs/reliability.md says what they mean. */
export const INVARIANTS = [
  'no_bid_after_its_limit',
  'no_bid_while_stopped',
  'no_bid_against_policy',
  'one_live_bid',
  'no_bid_without_decision',
  'decisions_come_out_again',
  'acknowledged_is_applied_once',
  'everything_ends',
  'exposure_is_its_sum',
  'commands_take_effect_once',
  'canceled_by_two',
  'our_wins_are_theirs',
  'figures_are_a_recount',
  'files_are_whole',
  'whoever_listens_is_told',
  'personal_data_is_hidden',
  'what_is_due_is_erased',
  'audit_trail_holds',
  'nothing_is_forgotten',
  'decided_in_time',
  'no_exception',
] as const;
export type Invariant = (typeof INVARIANTS)[number];

export interface Finding {
  readonly invariant: Invariant;
  readonly what: string;
}

const finding = (invariant: Invariant, what: string): Finding => ({ invariant, what });

interface FileRow {
  readonly id: string;
  readonly status: string;
  readonly rows_done: number;
  readonly requested_at: Date;
  readonly bytes: Buffer | null;
}

/** A loan, as it stands here. */
interface LoanRow {
  readonly key: string;
  readonly status: string;
  /** A task of it is open. */
  readonly flagged: boolean;
  /** A command about it is not settled. */
  readonly commanded: boolean;
}

/** A bid that was marked as sent before bidding was stopped may come so much later: its mark holds for two seconds. */
const ON_ITS_WAY_MS = 3_000;

/** Of webhooks by which somebody asks for a loan. */
const REQUEST = 'laas.private_payroll_auction.new_issuer_proposal_request ';

/**
 * SQL: the answer to a query that nobody waits for. QI has a query whose answer never reached us, and that was asked again
 * or taken back since: under which key it was, nobody here can know.
 */
const ANSWERS_NOBODY = `webhook_type = ANY ($1) AND NOT EXISTS (SELECT FROM proposal WHERE balance_key = event_key)`;
const BALANCES = [...FGTS_BALANCE_WEBHOOK_TYPES, ...MARGIN_WEBHOOK_TYPES];

/** What we have acknowledged is applied by then, whatever befalls whoever took it. */
const APPLIED_WITHIN_MS = 15_000;

/** What has become of a loan at QI is known by then: it is told, or asked for. */
const TOLD_WITHIN_MS = 120_000;

/** Where a loan has come to its end at QI, and how it must stand here. Settled is paid: by another that took its place. */
const ENDS: Readonly<Record<string, readonly string[]>> = {
  disbursed: ['disbursed'],
  settled: ['disbursed'],
  refunded: ['canceled_permanently'],
  canceled_permanently: ['canceled_permanently'],
  // Not for good: it is to be paid again, or not at all.
  canceled: ['signature_failed', 'reservation_failed', 'reservation_retrying', 'disbursement_failed'],
};
/** Where QI does nothing more without a word from us. */
const WAITS_FOR_US: ReadonlySet<string> = new Set([
  'pending_requester_authorization',
  'disbursement_refused',
]);

/** Where nothing more comes of a loan here, nothing more may come of it there. */
const ENDED_HERE: ReadonlySet<string> = new Set(['disbursed', 'canceled_permanently']);

/** A request that comes while all is well is decided within so long, and bid on before its limit. */
const DECIDED_WITHIN_S = 3;
/** Of its time so much is left when it is acknowledged, or QI had brought it late. */
const LEFT_AT_LEAST_MS = 10_000;
/** For these reasons it may go without a bid. */
const MAY_BE_MISSED: ReadonlySet<string | null> = new Set(['kill_switch', 'before_restore', 'dry_run']);

/** Longer than a round. */
const PACE_LOOKED_BACK_MS = 1_800_000;

/** What was sent before the power went may be heard so much later. */
const ON_THE_WIRE_MS = 1_000;

/** Of the sandbox's own list: which promise each breaks. */
const BROKEN: Readonly<Record<string, Invariant>> = {
  second_proposal: 'one_live_bid',
  control_key_reused: 'one_live_bid',
  proposal_doubled: 'one_live_bid',
};

/**
 * Books of its own, kept from QI's side alone, and held against the database at rest. It asks no service of the product
 * what is right.
 */
export class Auditor {
  /** When what was committed is on no disk any more: the database was put back. Nobody can show what was done then. */
  readonly lost: { readonly from: number; readonly to: number }[] = [];
  /** Keys of the requests that came when faults were over. */
  readonly calmRequests = new Set<string>();
  readonly #personalData: PersonalDataWatch;
  /** Exports that were found whole. */
  readonly #filesSeen = new Set<string>();
  #auctionsSeen: ReadonlyMap<string, number> = new Map();
  #lossesSeen = 0;

  constructor(
    private readonly sql: Queries,
    private readonly qi: SimulatedQi,
    private readonly scheduler: Scheduler,
    private readonly log: LogBook,
    private readonly clerk: Clerk,
    private readonly creditTeam: CreditTeam,
    private readonly partner: Partner,
    /** For so long the second person's yes can be taken back. */
    private readonly undoWindowMs: number,
  ) {
    this.#personalData = new PersonalDataWatch(sql);
  }

  /** When faults have been over for a while: what must never be, and what is in nobody's hands. */
  async afterCalm(): Promise<readonly Finding[]> {
    await this.#tellTheTime();
    return [
      ...this.#proposals(),
      ...this.#bidsWhileStopped(),
      ...this.#bidsAgainstPolicy(),
      ...(await this.#missedInCalm()),
      ...(await this.#violations()),
      ...(await this.#bidsOnDisk()),
      ...(await this.#webhooks()),
      ...(await this.#cancellations()),
      ...(await this.#exposure()),
      ...(await this.#files()),
      ...(await rowsThatContradict(this.sql)).map((what) =>
        finding(what.startsWith('counter ') ? 'exposure_is_its_sum' : 'nothing_is_forgotten', what),
      ),
      ...(await this.#hiddenData()),
      ...this.log.exceptions().map((what) => finding('no_exception', what)),
    ];
  }

  /** When everything that was still to come has come: also that each thing has ended as it ended at QI. */
  async atTheEnd(): Promise<readonly Finding[]> {
    return [
      ...(await this.afterCalm()),
      ...(await this.#webhooksEnded()),
      ...(await this.#auctionsEnded()),
      ...(await this.#loansEnded()),
      ...(await this.#proposalsEnded()),
      ...(await this.#marginsKnown()),
      ...(await this.#toldToThePartner()),
    ];
  }

  /** What has become of everything: for whoever wonders how much was lived through. */
  async ends(): Promise<Record<string, number>> {
    const { rows } = await this.sql.query<{ what: string; count: number }>(
      `SELECT 'auctions_' || status AS what, count(*)::int AS count FROM auction GROUP BY 1
       UNION ALL SELECT 'loans_' || status, count(*)::int FROM operation GROUP BY 1
       UNION ALL SELECT 'proposals_' || status, count(*)::int FROM proposal GROUP BY 1 ORDER BY 1`,
    );
    return Object.fromEntries(rows.map(({ what, count }) => [what, count]));
  }

  #wasLost(at: number): boolean {
    return this.lost.some(({ from, to }) => at >= from && at <= to + ON_THE_WIRE_MS);
  }

  async #tellTheTime(): Promise<void> {
    await this.sql.query(`SET demo_clock.at = '${new Date(this.scheduler.now).toISOString()}'`);
  }

  #proposals(): readonly Finding[] {
    const findings: Finding[] = [];
    for (const { key, openedAt, limitAt, expiresAt, attempts, proposals } of this.qi.sandbox.auctions.all()) {
      const mayBeLate = (at: number): boolean =>
        at < expiresAt.getTime() && !this.#bidsOnTimeOnly(openedAt, at);
      for (const { at, status } of attempts)
        if (new Date(at) > limitAt && !mayBeLate(Date.parse(at)))
          findings.push(finding('no_bid_after_its_limit', `${key} at ${at}: ${status}`));
      if (proposals.length > 1) findings.push(finding('one_live_bid', `${key} has ${proposals.length}`));
      const taken = new Set(proposals.map(({ terms }) => terms.requestControlKey));
      const keys = new Set(attempts.map(({ requestControlKey }) => requestControlKey));
      if (taken.size === 1 && keys.size > 1 && attempts.at(-1)?.requestControlKey !== [...taken][0])
        findings.push(finding('one_live_bid', `${key}: another bid after the one that QI had taken`));
    }
    for (const { key, at } of this.qi.proposedAgain)
      findings.push(
        finding('one_live_bid', `${key}: sent again at ${new Date(at).toISOString()}, taken before`),
      );
    return findings;
  }

  /** One policy that bids nothing after the limit was in force all the time. */
  #bidsOnTimeOnly(openedAt: Date, at: number): boolean {
    return this.creditTeam.reigns.some(
      ({ from, to, bidsLate }) => !bidsLate && from <= openedAt.getTime() && at <= to,
    );
  }

  /** Nothing excuses that a request is missed for which all had time, or that it had to wait. */
  async #missedInCalm(): Promise<readonly Finding[]> {
    const { rows } = await this.sql.query<{
      key: string;
      status: string;
      reason: string | null;
      seconds: number | null;
    }>(
      `SELECT issuer_proposal_request_key AS key, auction.status, auction.status_reason AS reason,
         extract(epoch FROM decided_at - auction.received_at)::float8 AS seconds
       FROM auction LEFT JOIN decision ON auction_key = issuer_proposal_request_key AND ordinal = 1
       WHERE issuer_proposal_request_key = ANY ($1)`,
      [[...this.calmRequests]],
    );
    const ours = new Map(rows.map((row) => [row.key, row]));
    return this.qi.sandbox.auctions.all().flatMap(({ key, limitAt }) => {
      const row = ours.get(key);
      const acknowledged = this.qi.deliveries.find(
        ({ event, answer }) => answer === 200 && event.body.includes(key),
      );
      if (row === undefined || acknowledged === undefined) return [];
      if (limitAt.getTime() - acknowledged.at < LEFT_AT_LEAST_MS || this.#wasLost(acknowledged.at)) return [];
      const { status, reason, seconds } = row;
      const isMissed = status === 'missed' && !MAY_BE_MISSED.has(reason);
      if (!isMissed && (seconds ?? 0) <= DECIDED_WITHIN_S) return [];
      return [
        finding('decided_in_time', `${key} is ${status} (${reason ?? 'no reason'}) after ${seconds} s`),
      ];
    });
  }

  #bidsWhileStopped(): readonly Finding[] {
    return this.qi.sandbox.auctions.all().flatMap(({ key, attempts }) =>
      attempts
        .map(({ at }) => Date.parse(at))
        .filter((at) => this.clerk.stops.some(({ from, to }) => at > from + ON_ITS_WAY_MS && at <= to))
        .map((at) => finding('no_bid_while_stopped', `${key} at ${new Date(at).toISOString()}`)),
    );
  }

  /** For a worker whose employer was refused before he asked and is refused still. */
  #bidsAgainstPolicy(): readonly Finding[] {
    return this.qi.sandbox.auctions.all().flatMap(({ key, openedAt, request, attempts }) => {
      const employer = request['employer_document_number'];
      if (typeof employer !== 'string') return [];
      const reigns = this.creditTeam.reigns.filter(
        ({ refuses, from }) => refuses === cnpjRoot(employer) && from <= openedAt.getTime(),
      );
      return attempts
        .map(({ at }) => Date.parse(at))
        .filter((at) => reigns.some(({ to }) => at <= to))
        .map((at) => finding('no_bid_against_policy', `${key} at ${new Date(at).toISOString()}`));
    });
  }

  async #violations(): Promise<readonly Finding[]> {
    const repeated = await this.#cancellationsRepeated();
    return this.qi.sandbox.violations.entries
      .filter((one) => {
        if (one.kind === 'canceled_after_disbursement') return this.#toldOfPaymentBefore(one);
        if (one.kind === 'command_out_of_place') return !this.#isPaidByLostOrder(one);
        if (one.kind === 'outside_hours') return !mayHaveLeftInTime(Date.parse(one.at));
        return (
          one.kind !== 'query_while_pending' && !(one.kind === 'canceled_twice' && repeated.has(one.key))
        );
      })
      .map(({ kind, key, detail }) =>
        finding(BROKEN[kind] ?? 'commands_take_effect_once', `${kind} ${key}: ${detail}`),
      );
  }

  /**
   * Of whom it is on disk that one command was sent so often as QI heard it: whoever heard the first answer died with it,
   * or it is lost with the newest rows.
   */
  async #cancellationsRepeated(): Promise<ReadonlySet<string>> {
    const { rows } = await this.sql.query<{ key: string; attempts: number }>(
      `SELECT credit_operation_key AS key, sum(attempts)::int AS attempts FROM operation_command
       WHERE action = 'cancel_permanently' AND attempts > 0 GROUP BY 1 HAVING count(*) = 1`,
    );
    const heard = (key: string): number =>
      this.qi.cancellations.filter((one) => one.key === key && !this.#wasLost(one.at)).length;
    return new Set(rows.filter(({ key, attempts }) => heard(key) <= attempts).map(({ key }) => key));
  }

  /** Nobody can know of a payment that he was not told of yet, or only just now: then QI refuses, and we hear it. */
  #toldOfPaymentBefore({ key, at }: Violation): boolean {
    return this.qi.deliveries.some(
      ({ event, at: toldAt, answer }) =>
        answer === 200 &&
        event.status === 'disbursed' &&
        event.body.includes(key) &&
        toldAt + APPLIED_WITHIN_MS < Date.parse(at),
    );
  }

  /** Nobody here knows any more that it was to be paid again: whoever looks at the copy asks for it once more, and QI refuses. */
  #isPaidByLostOrder({ key, at, detail }: Violation): boolean {
    return (
      detail === 'change_disbursement_date in state disbursed' &&
      this.qi.resubmissions.some(
        (order) => order.key === key && order.at < Date.parse(at) && this.#wasLost(order.at),
      )
    );
  }

  async #bidsOnDisk(): Promise<readonly Finding[]> {
    const { rows } = await this.sql.query<{ control_key: string; status: string; decided: boolean }>(
      `SELECT request_control_key AS control_key, status, EXISTS (SELECT FROM decision
         WHERE decision.auction_key = bid.auction_key AND decision.ordinal = bid.ordinal AND outcome = 'bid') AS decided
       FROM bid`,
    );
    const bids = new Map(rows.map((bid) => [bid.control_key, bid]));
    return this.qi.sandbox.auctions.all().flatMap(({ key, attempts }) =>
      attempts.flatMap(({ at, requestControlKey = '', heard, status }) => {
        const bid = bids.get(requestControlKey);
        if (bid?.decided !== true && this.#wasLost(Date.parse(at))) return [];
        if (bid?.decided !== true)
          return [finding('no_bid_without_decision', `${key}: POST of ${requestControlKey}`)];
        return bid.status === 'withdrawn' && status === 200
          ? [finding('one_live_bid', `${key}: withdrawn here and taken there${heard ? '' : ' unheard'}`)]
          : [];
      }),
    );
  }

  async #webhooks(): Promise<readonly Finding[]> {
    const { rows } = await this.sql.query<{
      subject: string;
      stored: string;
      parked: readonly string[] | null;
    }>(
      `SELECT concat_ws(' ', webhook_type, event_key, event_status) AS subject, count(*) AS stored,
         array_agg(reason) FILTER (WHERE status = 'parked'
           AND NOT (reason = 'waited_too_long' AND ${ANSWERS_NOBODY})) AS parked
       FROM webhook_event GROUP BY 1`,
      [BALANCES],
    );
    const stored = new Map(rows.map((row) => [row.subject, row]));
    const here = await this.#auctionsKnown();
    const findings = rows.flatMap(({ subject, parked }) =>
      (parked ?? []).map((reason) =>
        finding('acknowledged_is_applied_once', `${subject}: parked as ${reason}`),
      ),
    );
    for (const [subject, { acknowledged, sent }] of this.#delivered()) {
      const count = Number(stored.get(subject)?.stored ?? 0);
      if (count < acknowledged.size || count > sent.size)
        findings.push(
          finding(
            'acknowledged_is_applied_once',
            `${subject}: ${acknowledged.size} acknowledged, ${count} stored, ${sent.size} sent`,
          ),
        );
      if (acknowledged.size > 0 && isRequestWithout(here, subject))
        findings.push(finding('acknowledged_is_applied_once', `${subject}: there is no such auction`));
    }
    return findings;
  }

  /** What waits for its other half, when everything has come that was to come. */
  async #webhooksEnded(): Promise<readonly Finding[]> {
    const { rows } = await this.sql.query<{ subject: string }>(
      `SELECT concat_ws(' ', webhook_type, event_key, event_status) AS subject FROM webhook_event
       WHERE status = 'waiting' AND NOT (${ANSWERS_NOBODY})`,
      [BALANCES],
    );
    return rows.map(({ subject }) => finding('acknowledged_is_applied_once', `${subject}: waits still`));
  }

  async #auctionsKnown(): Promise<ReadonlySet<string>> {
    const { rows } = await this.sql.query<{ key: string }>(
      `SELECT issuer_proposal_request_key AS key FROM auction`,
    );
    return new Set(rows.map(({ key }) => key));
  }

  /** What QI was told to end: that two people had agreed to it, and neither of them had taken it back in time. */
  async #cancellations(): Promise<readonly Finding[]> {
    const { rows } = await this.sql.query<{ key: string; created_at: Date }>(
      `SELECT command.credit_operation_key AS key, command.created_at
       FROM operation_command command JOIN approval ON approval.command_id = command.id
       WHERE approval.status = 'approved' AND decided_by <> requested_by AND command.attempts > 0`,
    );
    return this.qi.cancellations
      .filter(
        ({ key, at }) =>
          !this.#wasLost(at) &&
          !rows.some((row) => row.key === key && row.created_at.getTime() + this.undoWindowMs <= at),
      )
      .map(({ key, at }) =>
        finding('canceled_by_two', `${key} was to be ended at ${new Date(at).toISOString()}`),
      );
  }

  /** By what a webhook is about: the different ones that were sent, and those that we have acknowledged. */
  #delivered(): Map<string, { acknowledged: Set<string>; sent: Set<string> }> {
    const books = new Map<string, { acknowledged: Set<string>; sent: Set<string> }>();
    for (const { event, answer, at } of this.qi.deliveries) {
      const subject = subjectOf(event.body);
      const book = books.get(subject) ?? { acknowledged: new Set(), sent: new Set() };
      books.set(subject, book);
      book.sent.add(event.body);
      if (answer === 200 && !this.#wasLost(at)) book.acknowledged.add(event.body);
    }
    return books;
  }

  /** By the policies' own limits, whatever the counters say they were. */
  async #exposure(): Promise<readonly Finding[]> {
    const { auctions, debts } = this.qi.sandbox;
    const heard = auctions
      .all()
      .flatMap(({ attempts }) => attempts.map(({ requestControlKey = '' }) => requestControlKey));
    const made = debts.all().map(({ requesterIdentifierKey }) => requesterIdentifierKey);
    const passed = await limitsPassed(
      this.sql,
      new Set([...heard, ...made]),
      new Date(this.scheduler.now - PACE_LOOKED_BACK_MS),
    );
    return passed.map((what) => finding('exposure_is_its_sum', `above its cap: ${what}`));
  }

  /** A file that is done has each auction at most once, and once those that were here before it was asked for; and none is forgotten. */
  async #files(): Promise<readonly Finding[]> {
    const { rows } = await this.sql.query<FileRow>(
      `SELECT id, status, rows_done, requested_at, (SELECT string_agg(bytes, '' ORDER BY ordinal) FROM export_part
         WHERE export_id = export.id) AS bytes
       FROM export WHERE id <> ALL ($1)`,
      [[...this.#filesSeen]],
    );
    const present = await this.#auctionsHere();
    const findings: Finding[] = [];
    for (const { id, status, rows_done, requested_at, bytes } of rows) {
      if (status === 'waiting' || status === 'running')
        findings.push(finding('nothing_is_forgotten', `export ${id} is ${status}`));
      if (status !== 'done') continue;
      const lines = bytes?.toString('utf8').split('\r\n').slice(1, -1) ?? [];
      const wrong = [...present].filter(([key, hereSince]) => {
        const times = lines.filter((line) => line.includes(key)).length;
        return times > 1 || (times === 0 && hereSince < requested_at.getTime());
      });
      if (lines.length !== rows_done || wrong.length > 0)
        findings.push(
          finding('files_are_whole', `${id}: ${lines.length} of ${rows_done} rows, ${wrong.length} not once`),
        );
      else this.#filesSeen.add(id);
    }
    return findings;
  }

  /** Each auction, and when it was first seen here: a webhook that is older may be applied later. */
  async #auctionsHere(): Promise<ReadonlyMap<string, number>> {
    const here = await this.#auctionsKnown();
    // With an older database they may have come anew.
    const before = this.lost.length === this.#lossesSeen ? this.#auctionsSeen : new Map<string, number>();
    this.#lossesSeen = this.lost.length;
    this.#auctionsSeen = new Map([...here].map((key) => [key, before.get(key) ?? this.scheduler.now]));
    return this.#auctionsSeen;
  }

  async #auctionsEnded(): Promise<readonly Finding[]> {
    const { rows } = await this.sql.query<{ key: string; status: string }>(
      `SELECT issuer_proposal_request_key AS key, status FROM auction`,
    );
    const ours = new Map(rows.map(({ key, status }) => [key, status]));
    const findings = rows
      .filter(({ status }) => ['open', 'bidding', 'bid', 'unknown'].includes(status))
      .map(({ key, status }) => finding('everything_ends', `auction ${key} is ${status}`));
    for (const { key, proposals } of this.qi.sandbox.auctions.all()) {
      const isTheirs = proposals.some(({ status }) => status === 'won');
      const isOurs = ours.get(key) === 'won';
      if (isTheirs !== isOurs)
        findings.push(
          finding(
            'our_wins_are_theirs',
            `${key}: ${isTheirs ? 'won' : 'not won'} there, ${ours.get(key) ?? 'nothing'} here`,
          ),
        );
    }
    return findings;
  }

  /** Loans of auctions and debts alike: each stands here as it has ended there, and one that waits for us is in somebody's hands. */
  async #loansEnded(): Promise<readonly Finding[]> {
    const { rows } = await this.sql.query<LoanRow>(
      `SELECT credit_operation_key AS key, status,
         EXISTS (SELECT FROM task WHERE task.credit_operation_key = operation.credit_operation_key
           AND task.status <> 'resolved') AS flagged,
         EXISTS (SELECT FROM operation_command command WHERE command.credit_operation_key = operation.credit_operation_key
           AND command.status IN ('intended', 'sending', 'unknown')) AS commanded
       FROM operation`,
    );
    const ours = new Map(rows.map((row) => [row.key, row]));
    const told = this.scheduler.now - TOLD_WITHIN_MS;
    const { loans, debts } = this.qi.sandbox;
    return [
      ...loans.all().map(({ creditOperationKey: key, state, history }) => ({ key, state, history })),
      // Of an order that is lost here and not paid there, nobody need know.
      ...debts.all().filter(({ key, openedAt }) => ours.has(key) || !this.#wasLost(openedAt.getTime())),
    ].flatMap(({ key, state, history }) => {
      const row = ours.get(key);
      if (row === undefined) return [finding('everything_ends', `loan ${key} (${state}) is not known here`)];
      const isNew = Date.parse(history.at(-1)?.at ?? '') > told;
      const isOverHere = ENDED_HERE.has(row.status) && ENDS[state] === undefined;
      return isNew || (!isOverHere && (row.flagged || standsAs(state, row)))
        ? []
        : [finding('everything_ends', `loan ${key} is ${state} there, ${row.status} here`)];
    });
  }

  /** Loans without an auction: one debt for one order, and whoever waits for QI's answer does not wait for ever. */
  async #proposalsEnded(): Promise<readonly Finding[]> {
    const { rows } = await this.sql.query<{
      id: string;
      key: string;
      product: string;
      status: string;
      stands: boolean;
      flagged: boolean;
    }>(
      `SELECT id, control_key AS key, product, status, status_since < now() - interval '3 minutes' AS stands, EXISTS (SELECT FROM task WHERE task.proposal_id = proposal.id
         AND task.status <> 'resolved') AS flagged FROM proposal`,
    );
    const ours = new Map(rows.map((row) => [row.key, row]));
    const isClosed = mayWaitForPayroll(this.qi.sandbox, this.scheduler.now);
    const waiting = rows
      .filter(({ stands, flagged }) => stands && !flagged)
      .filter(
        ({ product, status }) =>
          status === 'issuing' ||
          (['draft', 'querying'].includes(status) && !(isClosed && product === 'federal_payroll')),
      )
      .map(({ id, status }) => finding('everything_ends', `proposal ${id} is ${status}`));
    const seen = new Set<string>();
    const orphans = await this.#loansOfNobody();
    const debts = this.qi.sandbox.debts.all().flatMap((debt) => {
      const { requesterIdentifierKey: key, state } = debt;
      const isSecond = seen.has(key);
      seen.add(key);
      if (isSecond) return [finding('commands_take_effect_once', `two debts for the order ${key}`)];
      const row = ours.get(key);
      if (row?.status === 'issued' || row?.flagged === true) return [];
      if (this.#wasLost(debt.openedAt.getTime()))
        return state !== 'disbursed' || orphans.has(debt.key)
          ? []
          : [finding('everything_ends', `debt ${debt.key} was paid, its order is lost, and nobody is told`)];
      const here = row?.status ?? 'unknown';
      return [finding('our_wins_are_theirs', `debt ${key} is ${state} there, its proposal ${here} here`)];
    });
    return [...waiting, ...debts];
  }

  /** Loans that nobody here has ordered, and that people are to look at. */
  async #loansOfNobody(): Promise<ReadonlySet<string>> {
    const { rows } = await this.sql.query<{ key: string }>(
      `SELECT credit_operation_key AS key FROM task WHERE kind = 'unlinked_operation' AND status <> 'resolved'`,
    );
    return new Set(rows.map(({ key }) => key));
  }

  /** What QI has bound of a servant's margin, and for whom. */
  async #marginsKnown(): Promise<readonly Finding[]> {
    const debts = this.qi.sandbox.debts.all().map((debt) => ({ ...debt, debt_key: debt.key }));
    const findings = await marginsThatContradict(this.sql, debts);
    return findings.map((what) => finding('everything_ends', what));
  }

  /** Of everything that is on disk, at least once, or its time to be told again has not come; and no win that is none. */
  async #toldToThePartner(): Promise<readonly Finding[]> {
    const { rows } = await this.sql.query<{ what: string }>(
      `SELECT happened.what FROM (
         SELECT 'auction.decided ' || auction_key AS what FROM decision WHERE ordinal = 1
         UNION ALL SELECT concat('auction.', status, ' ', issuer_proposal_request_key) FROM auction WHERE status IN ('won', 'lost')
         UNION ALL SELECT 'operation.disbursed ' || credit_operation_key FROM operation WHERE status = 'disbursed'
         UNION ALL SELECT 'operation.failed ' || credit_operation_key FROM operation WHERE status = 'canceled_permanently'
         UNION ALL SELECT 'task.opened ' || id FROM task) AS happened
       WHERE NOT EXISTS (SELECT FROM notification_event event JOIN notification_delivery ON event_id = event.id
         WHERE event.type || ' ' || event.subject = happened.what AND status = 'waiting' AND attempts > 0
           AND not_before > now())`,
    );
    const told = new Set(this.partner.told.map(({ type, subject }) => `${type} ${subject}`));
    const wins = new Set(
      this.qi.sandbox.auctions
        .all()
        .flatMap(({ key, proposals }) =>
          proposals.some(({ status }) => status === 'won') ? [`auction.won ${key}`] : [],
        ),
    );
    const madeUp = [...told].filter((what) => what.startsWith('auction.won ') && !wins.has(what));
    return [
      ...rows.filter(({ what }) => !told.has(what)).map(({ what }) => `${what} was not told`),
      ...madeUp.map((what) => `${what} was told and is not so`),
      ...this.partner.complaints,
    ].map((what) => finding('whoever_listens_is_told', what));
  }

  async #hiddenData(): Promise<readonly Finding[]> {
    const people = this.qi.sandbox.auctions
      .all()
      .flatMap(({ request }) => [request['document_number'], request['name']])
      .filter((value) => typeof value === 'string' && value.length > 8) as string[];
    const words = new Set([...people, ...this.clerk.personalWords]);
    return [
      ...(await this.#personalData.look(words)),
      ...this.log.holding(words),
      ...this.partner.holding(words),
    ].map((where) => finding('personal_data_is_hidden', where));
  }
}

/** Nobody has a task about it: is all of it right without one? */
function standsAs(stateAtQi: string, { status, commanded }: LoanRow): boolean {
  return ENDS[stateAtQi]?.includes(status) ?? (commanded || !WAITS_FOR_US.has(stateAtQi));
}

/** Its subject is who asks, with the key of what is asked. */
function isRequestWithout(auctions: ReadonlySet<string>, subject: string): boolean {
  const [key = ''] = subject.slice(REQUEST.length).split(' ');
  return subject.startsWith(REQUEST) && !auctions.has(key);
}

function subjectOf(body: string): string {
  const outer = JSON.parse(body) as Record<string, unknown>;
  const inner = (outer['webhook'] ?? outer) as Record<string, unknown>;
  const key = inner['key'] ?? inner['webhook_key'];
  return [inner['webhook_type'], key, inner['status']].filter((part) => typeof part === 'string').join(' ');
}
