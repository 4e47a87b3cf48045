import type { BehaviourChange } from '../../sandbox';
import { accountOf, personOf } from '../support/borrower';
import { cpfWithPrefix } from '../support/cpf-with-prefix';
import type { engineFile } from '../support/engine-file';
import type { Answer } from '../support/service-process';
import { waitFor } from '../support/wait-for';
import { SandboxWorld } from './sandbox-world';

interface Period {
  readonly due_date: string;
  readonly amount: string;
}

interface Figures {
  readonly disbursed_issue_amount: string;
  readonly total_amount: string;
  readonly periods: readonly Period[];
  readonly installment_face_value?: string;
  readonly number_of_installments?: number;
  readonly options: readonly object[];
}

/** A proposal as the API shows it, as far as tests look at it. */
export interface Proposal {
  readonly status: string;
  readonly failure: {
    readonly code: string;
    readonly meaning: string;
    readonly advice: string;
    readonly retry_at: string | null;
  } | null;
  readonly balance: {
    readonly periods: readonly Period[];
    readonly cedable: readonly Period[];
    readonly active_contracts: number | null;
    readonly has_unavailable_balance: boolean | null;
    readonly links: readonly {
      readonly id: string;
      readonly margin: string | null;
      readonly authorization_warning: string | null;
      readonly is_chosen: boolean;
    }[];
  } | null;
  readonly queued_until: string | null;
  readonly own_contracts: readonly object[];
  readonly simulations: readonly {
    readonly fee_table: string;
    readonly problem: { readonly path: string; readonly message: string } | null;
    readonly figures: Figures | null;
    readonly differences: readonly string[];
    readonly qi: (Readonly<Record<string, unknown>> & { readonly options: readonly object[] }) | null;
  }[];
  readonly missing: readonly { readonly path: string }[];
  readonly credit_operation_key: string | null;
  readonly next_actions: readonly string[];
  readonly events: readonly {
    readonly kind: string;
    readonly effect: string;
    readonly from_status: string;
    readonly to_status: string;
    readonly summary: Readonly<Record<string, unknown>>;
  }[];
  readonly commands: readonly { readonly action: string; readonly status: string }[];
}

/** Shorter than a test may last, so that where it stands instead is told. */
const PATIENCE_MS = 20_000;

let serial = 0;
/** A CPF with right digits that nobody else has and that begins with `prefix`: the sandbox decides by it. */
export function cpf(prefix = '1'): string {
  serial += 1;
  return cpfWithPrefix(prefix, serial);
}

/** A day on which money is paid: no Saturday and no Sunday, two days on at least. */
export function nextBusinessDay(): string {
  const day = new Date(Date.now() + 2 * 86_400_000);
  while ([0, 6].includes(day.getUTCDay())) day.setUTCDate(day.getUTCDate() + 1);
  return day.toISOString().slice(0, 10);
}

/** What differs between products: their name, what the sandbox calls their plans, and how the service runs them. */
export const FGTS = { name: 'fgts', plans: 'fgts', engine: {} } as const;
export const FEDERAL_PAYROLL = {
  name: 'federal_payroll',
  plans: 'federal-payroll',
  engine: { federal_payroll: { opens_at_hour: 0, closes_at_hour: 24, business_days_only: false } },
} as const;
interface Product {
  readonly name: 'fgts' | 'federal_payroll';
  readonly plans: string;
  readonly engine: Parameters<typeof engineFile>[0];
}

/** Proposals of one product, and a QI that plays Caixa and SIAPE too, over HTTP. */
export class ProposalWorld {
  private constructor(
    readonly world: SandboxWorld,
    private readonly product: Product,
  ) {}

  /** Faster than by day: what waits there for seconds waits here for a moment. */
  static async start(
    behaviour: BehaviourChange = {},
    env: Readonly<Record<string, string>> = {},
    product: Product = FGTS,
  ): Promise<ProposalWorld> {
    const world = await SandboxWorld.start(
      {
        origination: {
          queries_per_second: 50,
          poll_ms: 100,
          sweep_ms: 200,
          retry_base_ms: 50,
          // An order that never left is looked up eight times before it is repeated.
          retry_max_ms: 500,
          batch_max_lines: 4,
          ...product.engine,
        },
        operation: { poll_ms: 100, retry_base_ms: 50, undo_window_seconds: 0 },
        documents: { max_bytes: 2_000 },
      },
      {
        pace: { step_seconds: 0.2 },
        // What QI could not tell while the service was away, it tells soon.
        webhooks: { retry_after_seconds: 0.5, retries: 50 },
        ...behaviour,
      },
      env,
    );
    return new ProposalWorld(world, product);
  }

  end(): Promise<void> {
    return this.world.end();
  }

  /** Fixes what happens to one borrower. */
  async plan(document_number: string, wanted: object): Promise<void> {
    await this.#control(this.product.plans, { document_number, ...wanted });
  }

  /** Ends what a borrower waits for. */
  async advance(wanted: object): Promise<void> {
    await this.#control('advance', wanted);
  }

  async #control(what: string, wanted: object): Promise<void> {
    const body = JSON.stringify(wanted);
    const answer = await fetch(`${this.world.sandbox.url}/_control/${what}`, { method: 'POST', body });
    if (!answer.ok) throw new Error(await answer.text());
  }

  post(path: string, body: object = {}, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
    return this.world.service.post(`/api/v1/${path}`, body, headers);
  }

  act(id: string, action: string, body: object = {}): Promise<Answer> {
    return this.post(`proposals/${id}/${action}`, body);
  }

  tryToOpen(document_number: string, more: object = {}): Promise<Answer> {
    return this.post('proposals', { product: this.product.name, document_number, ...more });
  }

  async open(document_number: string, more: object = {}): Promise<string> {
    const answer = await this.tryToOpen(document_number, {
      person: personOf(document_number),
      account: accountOf(document_number),
      ...more,
    });
    expect(answer).toMatchObject({ status: 202 });
    return (answer.body as { proposal_id: string }).proposal_id;
  }

  async read(id: string): Promise<Proposal> {
    return (await this.world.service.get(`/api/v1/proposals/${id}`)).body as Proposal;
  }

  /**
   * Looked at in the database, for many may wait at once; `also` asks the proposal itself.
   * @throws Error with where it stands instead
   */
  async becomes(id: string, status: string, also?: (proposal: Proposal) => boolean): Promise<Proposal> {
    const arrives = async (): Promise<true | undefined> => {
      const { rows } = await this.world.sql.query<{ status: string }>(
        `SELECT status FROM proposal WHERE id = $1`,
        [id],
      );
      if (rows[0]?.status !== status) return undefined;
      return also === undefined || also(await this.read(id)) ? true : undefined;
    };
    const patience = { timeoutMs: PATIENCE_MS, everyMs: 50 };
    await waitFor(`the proposal to become ${status}`, arrives, patience).catch(async (error: unknown) => {
      throw new Error(`${String(error)}: ${JSON.stringify(await this.read(id))}`);
    });
    return this.read(id);
  }

  /** What the first offer says, as a borrower accepts it. */
  acceptanceOf({ simulations: [offer] }: Proposal): object {
    return {
      fee_table: offer?.fee_table,
      disbursed_issue_amount: offer?.figures?.disbursed_issue_amount,
      total_amount: offer?.figures?.total_amount,
      channel: 'app',
      text_version: '2026-11',
      accepted_at: new Date().toISOString(),
      ip_address: '203.0.113.7',
      device: 'Moto G84, Android 15',
    };
  }

  async accept(id: string, proposal: Proposal): Promise<void> {
    const answer = await this.act(id, 'accept', this.acceptanceOf(proposal));
    expect(answer).toMatchObject({ status: 202, body: { status: 'accepted' } });
  }

  /** From a CPF to a debt at QI. */
  async issue(document_number: string, more: object = {}): Promise<{ id: string; key: string }> {
    const id = await this.open(document_number, more);
    await this.accept(id, await this.becomes(id, 'offered'));
    expect(await this.act(id, 'issue')).toMatchObject({ status: 202 });
    const { credit_operation_key } = await this.becomes(id, 'issued');
    return { id, key: credit_operation_key ?? '' };
  }

  /** What QI's own books say of a borrower's debts. */
  debtsOf(document_number: string) {
    const { debts } = this.world.sandbox.control.ledger();
    return debts.filter((debt) => debt.document_number === document_number);
  }
}
