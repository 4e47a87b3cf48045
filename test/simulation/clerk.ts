import { DataSource } from 'typeorm';
import { Random } from '../../sandbox/random';
import { calendarDate, calendarDateAt, Cpf, addDays } from '../../src/kernel';
import { KillSwitch } from '../../src/operation/kill-switch.service';
import { ApprovalActions } from '../../src/operation/approval-actions.service';
import { OperatorActions } from '../../src/operation/operator-actions.service';
import { Proposals } from '../../src/origination/proposals.service';
import { AuditTrail } from '../../src/platform';
import { replayWebhooks } from '../../src/reconciliation/replay-webhooks';
import { RecoveryBook } from '../../src/recovery/recovery-book.service';
import { accountOf, personOf } from '../support/borrower';
import { cpfWithPrefix } from '../support/cpf-with-prefix';
import { fateOf } from './fates';
import { People } from './people';
import type { Scheduler } from './scheduler';
import type { Queries } from './simulated-database';
import type { SimulatedProcess } from './simulated-process';

const LOOK_EVERY_MS = 4_000;
/** How often, of the looks, somebody thinks better of a loan or of a proposal. */
const LOANS_REGRETTED = 0.1;
const PROPOSALS_REGRETTED = 0.05;
/** How often, of the looks, somebody stops all bidding; and, while it is stopped, asks to let it go on. */
const STOPPED = 0.02;
const LET_GO_ON = 0.3;
/** How often, of the looks, somebody has webhooks handled again: those of the last minutes, or of one auction or loan. */
const REPLAYED = 0.04;
const REPLAYED_MS = [10_000, 600_000] as const;
/** Of cancellations that wait for the second person, and of those that he agreed to and that are not sent yet. */
const AGREED_TO = 0.75;
const UNDONE = 0.15;
/** CPFs whose queries of a balance succeed, mostly; the sandbox decides by their beginning. */
const PREFIXES = ['1', '1', '2', '3', '4', '8', '90'] as const;
const PRODUCTS = ['fgts', 'federal_payroll'] as const;
/** Of proposals, how many are for one of the last clients of the product. */
const COMING_BACK = 0.4;
const LAST_CLIENTS = 3;
/** How often, of the looks, a client wishes something else. */
const WISHED_OTHERWISE = 0.3;
const BALANCE_ASKED_AGAIN = 0.25;
const OWN_PAID_OFF = 0.7;

interface ProposalRow {
  readonly id: string;
  readonly status: string;
  readonly fee_table: string | null;
  readonly amount: string | null;
  readonly total: string | null;
}

interface SubjectRow {
  readonly id: string;
  readonly status: string;
}

interface ApprovalRow extends SubjectRow {
  readonly action: string;
}

/** Bidding was seen stopped at both moments, and nobody had touched the switch between them. */
export interface Stop {
  readonly from: number;
  readonly to: number;
}

interface TaskRow {
  readonly key: string;
  readonly kind: string;
}

/** People of the house and partners' systems: they start loans without an auction, and work through the queue. */
export class Clerk {
  /** What is personal of whoever asked for a loan here: documents, names, addresses. */
  readonly personalWords = new Set<string>();
  readonly stops: Stop[] = [];
  /** Since when we have seen it stopped, and by which touch of the switch. */
  #stoppedBy: { readonly changedAt: number; readonly seenAt: number } | undefined;
  readonly #random: Random;
  readonly #people: People;
  #serial = 0;
  readonly #clients: Record<(typeof PRODUCTS)[number], string[]> = { fgts: [], federal_payroll: [] };

  constructor(
    seed: number,
    private readonly scheduler: Scheduler,
    private readonly admin: Queries,
    anyProcess: () => SimulatedProcess | undefined,
    /** At QI's own page: the debt that came of an order. */
    private readonly lookAtQi: (controlKey: string) => string | undefined,
    /** What QI is to do with a borrower's loan. */
    private readonly planAtQi: (product: (typeof PRODUCTS)[number], plan: object) => void,
  ) {
    this.#random = new Random(seed, 'people');
    this.#people = new People('clerk', this.#random, scheduler, anyProcess);
  }

  /** Proposals begun within so long. */
  openProposals(random: Random, most: number, withinMs: number): void {
    for (let left = random.integer(0, most); left > 0; left -= 1) {
      this.#serial += 1;
      const product = random.pick(PRODUCTS);
      const cpf = this.#clientOf(random, product);
      const fate = fateOf(random, product);
      this.scheduler.after(random.integer(0, withinMs), undefined, () => {
        this.planAtQi(product, { document_number: cpf, ...fate });
        this.#people.ask('open a proposal', (process, request) =>
          process.get(Proposals).open(
            {
              product,
              cpf: Cpf.parse(cpf) as Cpf,
              channel: 'app',
              wishes: { kind: 'maximum' },
              person: this.#personFor(cpf),
              account: accountOf(cpf),
            },
            request,
          ),
        );
      });
    }
  }

  /** Somebody new, or one of the last. */
  #clientOf(random: Random, product: (typeof PRODUCTS)[number]): string {
    const clients = this.#clients[product];
    const [first, ...others] = clients.slice(-LAST_CLIENTS);
    if (first !== undefined && random.chance(COMING_BACK)) return random.pick([first, ...others]);
    const prefix = product === 'fgts' ? random.pick(PREFIXES) : '1';
    const cpf = cpfWithPrefix(prefix, this.#serial + random.integer(0, 9) * 1_000);
    clients.push(cpf);
    return cpf;
  }

  #personFor(cpf: string): never {
    const person = personOf(cpf);
    for (const word of [cpf, person.name, person.mother_name, person.email]) this.personalWords.add(word);
    return person as never;
  }

  /** Works through what waits for people, until the moment. */
  workUntil(end: number): void {
    this.scheduler.alone(LOOK_EVERY_MS, undefined, async () => {
      for (const proposal of await this.#proposals()) this.#carryOn(proposal);
      for (const task of await this.#tasks()) this.#workOn(task);
      await this.#thinkBetterOfIt();
      await this.#wishOtherwise();
      await this.#mindTheSwitch();
      await this.#replay();
      await this.#findOutAboutOrders();
      for (const approval of await this.#approvals()) this.#decide(approval);
      if (this.scheduler.now < end) this.workUntil(end);
    });
  }

  async #proposals(): Promise<readonly ProposalRow[]> {
    const { rows } = await this.admin.query<ProposalRow>(
      `SELECT id, status, simulations -> 0 ->> 'fee_table' AS fee_table,
         simulations -> 0 -> 'figures' ->> 'disbursed_issue_amount' AS amount,
         simulations -> 0 -> 'figures' ->> 'total_amount' AS total
       FROM proposal WHERE status IN ('offered', 'accepted') ORDER BY created_at, id LIMIT 3`,
    );
    return rows;
  }

  async #tasks(): Promise<readonly TaskRow[]> {
    const { rows } = await this.admin.query<TaskRow>(
      `SELECT credit_operation_key AS key, kind FROM task
       WHERE status <> 'resolved' AND kind IN ('authorization_review', 'disbursement_failed')
         AND credit_operation_key IS NOT NULL ORDER BY opened_at, id LIMIT 3`,
    );
    return rows;
  }

  #carryOn({ id, status, fee_table, amount, total }: ProposalRow): void {
    if (status === 'accepted') {
      this.#people.ask('issue', (process, request) => process.get(Proposals).issue(id, request));
      return;
    }
    if (fee_table === null || amount === null || total === null) return;
    const acceptance = {
      fee_table,
      disbursed_issue_amount: amount,
      total_amount: total,
      channel: 'app',
      text_version: '2026-11',
      accepted_at: new Date(this.scheduler.now).toISOString(),
      ip_address: '203.0.113.7',
      device: 'Moto G84, Android 15',
    };
    this.#people.ask('accept', (process, request) =>
      process.get(Proposals).accept(id, acceptance as never, request),
    );
  }

  #workOn({ key, kind }: TaskRow): void {
    if (kind === 'authorization_review') {
      this.#people.ask('authorize', (process, request) =>
        process.get(OperatorActions).authorize(key, request),
      );
      return;
    }
    const day = addDays(calendarDateAt(new Date(this.scheduler.now)), 1);
    this.#people.ask('pay again', (process, request) =>
      process.get(OperatorActions).resubmitDisbursement(key, {
        ...request,
        body: { disbursement_date: calendarDate(day) },
      }),
    );
  }

  /** Now and then a loan is not wanted any more, a paid one is to be paid back, or nobody waits for an offer. */
  async #thinkBetterOfIt(): Promise<void> {
    if (this.#random.chance(LOANS_REGRETTED)) {
      const loan = await this.#anyOf(
        `SELECT credit_operation_key AS id, status FROM operation
         WHERE ended_at IS NULL OR status = 'disbursed' ORDER BY opened_at DESC, id LIMIT 20`,
      );
      if (loan !== undefined) this.#cancel(loan);
    }
    if (this.#random.chance(PROPOSALS_REGRETTED)) {
      const proposal = await this.#anyOf(
        `SELECT id, status FROM proposal
         WHERE status IN ('querying', 'balance_failed', 'simulated', 'offered', 'accepted') ORDER BY created_at DESC, id LIMIT 20`,
      );
      if (proposal !== undefined) this.#giveUp(proposal);
    }
  }

  /** Another amount, a new balance, or one of the client's own loans is to be paid off by this one. */
  async #wishOtherwise(): Promise<void> {
    if (!this.#random.chance(WISHED_OTHERWISE)) return;
    const proposal = await this.#anyOf(
      `SELECT id, product AS status FROM proposal
       WHERE status IN ('balance_known', 'simulated', 'offered', 'accepted', 'not_eligible', 'issuing')
       ORDER BY created_at DESC, id LIMIT 6`,
    );
    if (proposal === undefined) return;
    const { id, status: product } = proposal;
    if (this.#random.chance(BALANCE_ASKED_AGAIN)) {
      this.#people.ask('ask for the balance again', (process, request) =>
        process.get(Proposals).queryBalance(id, request),
      );
      return;
    }
    const own = product === 'federal_payroll' ? await this.#ownLoanOf(id) : undefined;
    const amount = this.#random.integer(300, 6_000).toFixed(2);
    const wishes =
      own !== undefined && this.#random.chance(OWN_PAID_OFF)
        ? { kind: 'maximum', refinancing: [{ kind: 'own', operation_key: own }] }
        : this.#random.pick<object>([{ kind: 'maximum' }, { kind: 'target', amount }]);
    this.#people.ask('wish otherwise', (process, request) =>
      process.get(Proposals).simulate(id, wishes, request),
    );
  }

  /** A paid loan of the one who has this proposal. */
  async #ownLoanOf(proposalId: string): Promise<string | undefined> {
    const loan = await this.#anyOf(
      `SELECT operation.credit_operation_key AS id, operation.status FROM operation
         JOIN proposal older USING (credit_operation_key)
         JOIN proposal ON proposal.borrower_index = older.borrower_index AND proposal.product = older.product
       WHERE proposal.id = '${proposalId}' AND operation.status = 'disbursed' ORDER BY opened_at DESC, 1 LIMIT 4`,
    );
    return loan?.id;
  }

  async #anyOf(query: string): Promise<SubjectRow | undefined> {
    const { rows } = await this.admin.query<SubjectRow>(query);
    const [first, ...rest] = rows;
    return first === undefined ? undefined : this.#random.pick([first, ...rest]);
  }

  #cancel({ id, status }: SubjectRow): void {
    if (status === 'disbursed')
      this.#people.ask('have a loan paid back', (process, request) =>
        process.get(OperatorActions).requestReversal(id, 'o cliente desistiu', request),
      );
    else
      this.#people.ask('cancel a loan', (process, request) =>
        process.get(OperatorActions).cancelPermanently(id, 'o cliente desistiu', request),
      );
  }

  #giveUp({ id, status }: SubjectRow): void {
    if (status === 'querying')
      this.#people.ask('cancel a query', (process, request) =>
        process.get(Proposals).cancelQuery(id, request),
      );
    else
      this.#people.ask('withdraw a proposal', (process, request) =>
        process.get(Proposals).withdraw(id, 'o cliente desistiu', request),
      );
  }

  /** What was missed or parked may have an effect then; what was applied has none. */
  async #replay(): Promise<void> {
    if (!this.#random.chance(REPLAYED)) return;
    const of = this.#random.chance(0.5)
      ? await this.#anyOf(
          `SELECT event_key AS id, status FROM webhook_event WHERE event_key IS NOT NULL ORDER BY id DESC LIMIT 50`,
        )
      : undefined;
    const selection = {
      key: of?.id,
      day: undefined,
      from: new Date(this.scheduler.now - this.#random.integer(...REPLAYED_MS)),
      before: undefined,
    };
    this.#people.ask('have webhooks handled again', (process, { actor }) =>
      replayWebhooks(process.get(DataSource), process.get(AuditTrail), selection, {
        actor: actor.id,
        reason: 'conferência',
      }),
    );
  }

  /** What no look-up has settled; that QI has no such debt two of them must have found. */
  async #findOutAboutOrders(): Promise<void> {
    const { rows } = await this.admin.query<{ id: string; control_key: string; command_id: string }>(
      `SELECT proposal.id, control_key, command.id AS command_id
       FROM task JOIN proposal ON proposal.id = task.proposal_id
         JOIN proposal_command command ON command.proposal_id = proposal.id AND settled_at IS NULL
       WHERE task.status <> 'resolved' AND kind = 'proposal_unknown' AND reason_code = 'issue_unknown'
       ORDER BY task.opened_at, proposal.id LIMIT 3`,
    );
    for (const { id, control_key, command_id } of rows) {
      const evidence = 'visto no portal da QI';
      const debt = this.lookAtQi(control_key);
      const finding =
        debt === undefined
          ? { outcome: 'not_taken' as const, command_id, evidence }
          : { outcome: 'took_effect' as const, credit_operation_key: debt, evidence };
      this.#people.ask('say what became of an order', (process, request) =>
        process.get(Proposals).settleIssue(id, finding, request),
      );
    }
  }

  /** One person stops bidding; letting it go on takes two. */
  async #mindTheSwitch(): Promise<void> {
    const { rows } = await this.admin.query<{ engaged: boolean; changed_at: Date }>(
      'SELECT engaged, changed_at FROM kill_switch',
    );
    const [row] = rows;
    this.#noteStop(row?.engaged === true ? row.changed_at.getTime() : undefined);
    if (row?.engaged !== true) {
      if (this.#random.chance(STOPPED))
        this.#people.ask('stop bidding', (process, { actor }) =>
          process.get(KillSwitch).engage('algo está errado', actor),
        );
    } else if (this.#random.chance(LET_GO_ON))
      this.#people.ask('let bidding go on', (process, request) =>
        process.get(KillSwitch).release('está resolvido', request),
      );
  }

  #noteStop(changedAt: number | undefined): void {
    const seenAt = this.scheduler.now;
    const before = this.#stoppedBy;
    if (changedAt === undefined) this.#stoppedBy = undefined;
    else if (before?.changedAt === changedAt) this.stops.push({ from: before.seenAt, to: seenAt });
    else this.#stoppedBy = { changedAt, seenAt };
  }

  /** The database was put back: whoever looks next may see an older stop, which had been lifted since. */
  databaseWasPutBack(): void {
    this.#stoppedBy = undefined;
    this.#confirmRestore(this.scheduler.now);
  }

  /** Looks for what is found then, until somebody has said that it is right. */
  #confirmRestore(putBackAt: number): void {
    this.scheduler.alone(LOOK_EVERY_MS, undefined, async () => {
      const { rows } = await this.admin.query<{ id: string; confirmed: boolean }>(
        `SELECT id, confirmed_at IS NOT NULL AS confirmed FROM recovery WHERE found_at >= $1 ORDER BY id DESC LIMIT 1`,
        [new Date(putBackAt)],
      );
      const [restore] = rows;
      if (restore?.confirmed === true) return;
      if (restore !== undefined)
        this.#people.ask('confirm a restore', async (process, { actor }) => ({
          kind: (await process.get(RecoveryBook).confirm(restore.id, 'conferido', actor))?.id ?? 'nothing',
        }));
      this.#confirmRestore(putBackAt);
    });
  }

  async #approvals(): Promise<readonly ApprovalRow[]> {
    const { rows } = await this.admin.query<ApprovalRow>(
      `SELECT approval.id, approval.action, approval.status FROM approval LEFT JOIN operation_command command ON command.id = command_id
       WHERE approval.status = 'pending' OR approval.status = 'approved' AND command.status = 'intended'
       ORDER BY requested_at, approval.id LIMIT 3`,
    );
    return rows;
  }

  /** Whoever asked for it himself is refused, as somebody else's word is needed. */
  #decide({ id, action, status }: ApprovalRow): void {
    const ofWhom = (process: SimulatedProcess): ApprovalActions | KillSwitch =>
      action === 'release_kill_switch' ? process.get(KillSwitch) : process.get(ApprovalActions);
    if (status === 'approved') {
      if (this.#random.chance(UNDONE))
        this.#people.ask('undo', (process, request) => process.get(ApprovalActions).undo(id, request));
      return;
    }
    if (this.#random.chance(AGREED_TO))
      this.#people.ask('approve', (process, request) => ofWhom(process).approve(id, undefined, request));
    else this.#people.ask('reject', (process, request) => ofWhom(process).reject(id, 'não procede', request));
  }
}
