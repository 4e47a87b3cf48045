import { readFileSync } from 'node:fs';
import { Random } from '../../sandbox/random';
import { cnpjRoot } from '../../src/kernel';
import { PolicyApproval } from '../../src/policy/policy-approval.service';
import { PolicyDrafts } from '../../src/policy/policy-drafts.service';
import { PackedEntries, PackedList } from '../../src/policy/packed-list';
import { PolicyLists } from '../../src/policy/policy-lists.service';
import { backtested } from '../support/backtested';
import { MANDATE } from '../support/learning-policies';
import { EMPLOYERS } from './market';
import { People } from './people';
import type { Scheduler } from './scheduler';
import type { Queries } from './simulated-database';
import type { SimulatedProcess } from './simulated-process';

/** Of what is in force. */
const LOOK_EVERY_MS = 500;
/** How often, of the looks, somebody takes one version a step further: at first, and when there are some to go back to. */
const BUSY_AT_FIRST = 0.5;
const BUSY_WITH_IT = 0.06;
const SOME = 3;
/** Versions of the team's own; then it goes from one to another of them. */
const MOST_VERSIONS = 6;
/** Of approved versions, those that are put in force at a time; and of those, the ones that somebody thinks better of. */
const AT_A_TIME = 0.5;
const THOUGHT_BETTER = 0.2;
const UNTIL_THEN_MS = [3_000, 40_000] as const;
/** What may be learnt, and soon counts. */
const LEARNING = { ...MANDATE, features: [], minimum_margin_bp: 0, shadow_days: 1, canary_days: 1 };
const BLOCKED = 'empregadores_bloqueados';

/** One that is not in force. */
interface VersionRow {
  readonly number: number;
  readonly hash: string;
  readonly state: 'draft' | 'in_review' | 'approved' | 'scheduled' | 'retired';
}

/** The same version was seen in force at both moments, and nothing was put in force between them. */
export interface Reign {
  readonly activation: string;
  readonly from: number;
  to: number;
  /** The root of an employer to whose workers it lends nothing. */
  readonly refuses: string | undefined;
  readonly bidsLate: boolean;
}

/**
 * The credit team: it writes policies that each refuse the workers of one employer and differ in their limits, agrees to
 * them in twos, puts them in force now or at a time, and goes back. The list of the employer is stored outside of the
 * version, as an imported one is.
 */
export class CreditTeam {
  readonly reigns: Reign[] = [];
  #present: Reign | undefined;
  #hasSome = false;
  #isWatching = false;
  readonly #random: Random;
  readonly #people: People;

  constructor(
    seed: number,
    private readonly scheduler: Scheduler,
    private readonly admin: Queries,
    anyProcess: () => SimulatedProcess | undefined,
    /** In hours without a night nothing is learnt. */
    private readonly livesForDays: boolean,
  ) {
    this.#random = new Random(seed, 'credit team');
    this.#people = new People('credit team', this.#random, scheduler, anyProcess);
  }

  /** From now on it is noted which version is in force. */
  watch(): void {
    this.#isWatching = true;
    this.#look();
  }

  /** Until the next watch, for longer than a look is apart from the next. */
  rest(): void {
    this.#isWatching = false;
  }

  #look(): void {
    this.scheduler.alone(LOOK_EVERY_MS, undefined, async () => {
      if (!this.#isWatching) return;
      await this.#noteReign();
      this.#look();
    });
  }

  /** Until the moment; what is scheduled is put in force after it too. */
  workUntil(end: number): void {
    this.scheduler.alone(LOOK_EVERY_MS, undefined, async () => {
      if (this.#random.chance(this.#hasSome ? BUSY_WITH_IT : BUSY_AT_FIRST)) await this.#takeAStep();
      if (this.scheduler.now < end) this.workUntil(end);
    });
  }

  /** The database was put back: an older version may be in force again. */
  databaseWasPutBack(): void {
    this.#present = undefined;
  }

  async #noteReign(): Promise<void> {
    const { rows } = await this.admin.query<{ activation: string; document: string }>(
      `SELECT activation.id::text AS activation, document FROM policy_activation activation
       JOIN policy_version USING (number) ORDER BY activation.id DESC LIMIT 1`,
    );
    const [row] = rows;
    const { now } = this.scheduler;
    if (row === undefined) return;
    if (this.#present?.activation !== row.activation) {
      this.#present = { activation: row.activation, from: now, to: now, ...readPolicy(row.document) };
      this.reigns.push(this.#present);
    }
    this.#present.to = now;
  }

  async #takeAStep(): Promise<void> {
    const { rows } = await this.admin.query<VersionRow>(
      `SELECT number, hash, state FROM policy_version WHERE state <> 'active' ORDER BY number`,
    );
    const [first, ...rest] = rows;
    this.#hasSome = rows.filter(({ state }) => state === 'retired').length >= SOME;
    if (first === undefined || (rows.length < MOST_VERSIONS && this.#random.chance(0.5))) this.#write();
    else await this.#carryOn(this.#random.pick([first, ...rest]));
  }

  #write(): void {
    const employer = this.#random.pick(EMPLOYERS);
    const document = this.#documentWithout(employer);
    this.#people.ask('write a policy', async (process, { actor }) => {
      const { sha256 } = await process.get(PolicyLists).store(listOf(cnpjRoot(employer)), {
        field: 'employer_root',
        source: 'lista da simulação',
        actor: actor.id,
      });
      const created = await process.get(PolicyDrafts).create(undefined, undefined, actor);
      if (created.kind !== 'done') return created;
      const { number, hash } = created.value;
      const manuscript = { document, lists: { [BLOCKED]: sha256 } };
      return process
        .get(PolicyDrafts)
        .save(number, hash, manuscript, 'structure', { actor, mayReveal: false });
    });
  }

  /** The product's own policy with its list of employers left to an imported one, within what the law allowed in March 2026. */
  #documentWithout(employer: string): unknown {
    const document = JSON.parse(SEED_POLICY) as SeedPolicy;
    for (const list of document.lists) if (list.name === BLOCKED) delete list.entries;
    document.products.federal_payroll.limits.installments.maximum = 96;
    const { limits, pricing, exposure, pacing } = document;
    const late = { enabled: true, limits, table: pricing.table };
    return {
      ...document,
      name: `De ${this.scheduler.now}`,
      description: `Nada para ${cnpjRoot(employer)}.`,
      test_cases: [],
      exposure: {
        ...exposure,
        per_employer: this.#scarce(exposure.per_employer, '60000.00'),
        per_day: this.#scarce(exposure.per_day, '200000.00'),
        total: this.#scarce(exposure.total, '600000.00'),
      },
      pacing: { ...pacing, bids_per_minute: this.#scarce(null, 3) },
      late_bidding: this.#random.pick<object>([{ enabled: false }, late]),
      ...(this.livesForDays && this.#random.chance(0.5) ? { learning: LEARNING } : {}),
    };
  }

  /** Limits that are soon reached, now and then: with them always, little would be lent. */
  #scarce<T>(usual: T, scarce: T): T {
    return this.#random.chance(0.25) ? scarce : usual;
  }

  async #carryOn({ number, hash, state }: VersionRow): Promise<void> {
    switch (state) {
      case 'draft':
        this.#people.ask('hand in a policy', (process, { actor }) =>
          process.get(PolicyDrafts).submit(number, undefined, undefined, actor),
        );
        return;
      case 'in_review':
        this.#people.ask('agree to a policy', (process, { actor }) =>
          process.get(PolicyApproval).approve(number, hash, actor),
        );
        return;
      case 'approved':
        // It would count for minutes, in threads of its own.
        await backtested(this.admin, hash, new Date(this.scheduler.now));
        if (this.#random.chance(AT_A_TIME)) this.#schedule(number);
        else this.#activate(number);
        return;
      case 'scheduled':
        if (!this.#random.chance(THOUGHT_BETTER)) return;
        this.#people.ask('think better of a policy', (process, { actor }) =>
          process.get(PolicyApproval).unschedule(number, 'ainda não', actor),
        );
        return;
      case 'retired':
        this.#activate(number);
        return;
    }
  }

  #activate(number: number): void {
    this.#people.ask('put a policy in force', (process, { actor }) =>
      process.get(PolicyApproval).activate(number, 'decidido hoje', actor),
    );
  }

  #schedule(number: number): void {
    const [least, most] = UNTIL_THEN_MS;
    const at = new Date(this.scheduler.now + this.#random.integer(least, most));
    this.#people.ask('schedule a policy', (process, { actor }) =>
      process.get(PolicyApproval).schedule(number, at, actor),
    );
  }
}

function listOf(root: string): PackedList {
  const entries = new PackedEntries();
  entries.add(root);
  return PackedList.of(entries);
}

const SEED_POLICY = readFileSync('config/policies/default.json', 'utf8');

interface SeedPolicy {
  readonly lists: readonly { readonly name: string; entries?: unknown }[];
  readonly limits: object;
  readonly pricing: { readonly table: string };
  readonly exposure: { readonly per_employer: string; readonly per_day: string; readonly total: string };
  readonly pacing: object;
  readonly products: {
    readonly federal_payroll: { readonly limits: { readonly installments: { maximum: number } } };
  };
}

function readPolicy(document: string): Pick<Reign, 'refuses' | 'bidsLate'> {
  const { description, late_bidding: late } = JSON.parse(document) as {
    readonly description: string;
    readonly late_bidding: { readonly enabled: boolean };
  };
  const [, refuses] = /^Nada para (\d{8})/.exec(description) ?? [];
  return { refuses, bidsLate: late.enabled };
}
