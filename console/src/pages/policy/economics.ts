import { freshName, type PolicyDocument } from './document';

/** One entry of what the house pays and expects, as documents write it. */
export interface EconomicEntry {
  readonly from: string;
  readonly losses: string;
  readonly fees: unknown;
  readonly [part: string]: unknown;
}

export function entriesOf({ economics }: PolicyDocument): readonly EconomicEntry[] {
  const inputs: unknown = (economics as { readonly inputs?: unknown } | undefined)?.inputs;
  return Array.isArray(inputs) ? (inputs as readonly EconomicEntry[]) : [];
}

/** Without entries the document has no economics, and says nothing of what bids are worth. */
export function withEntries(document: PolicyDocument, inputs: readonly EconomicEntry[]): PolicyDocument {
  const { economics, ...rest } = document as PolicyDocument & { readonly economics?: object };
  if (inputs.length > 0) return { ...rest, economics: { ...economics, inputs } };
  return { ...rest, tables: document.tables.filter(({ kind }) => kind !== 'loss') };
}

/** Whether a row of prices under break-even keeps a version from being activated; else it is a warning. */
export function refusesBelowBreakEven({ economics }: PolicyDocument): boolean {
  return (economics as { readonly below_break_even?: unknown } | undefined)?.below_break_even === 'error';
}

export function withBelowBreakEven(document: PolicyDocument, refuses: boolean): PolicyDocument {
  const { below_break_even: _, ...economics } = document['economics'] as { below_break_even?: unknown };
  return { ...document, economics: refuses ? { ...economics, below_break_even: 'error' } : economics };
}

/** A first entry, and a table of losses with one row for everybody. */
export function withEconomics(document: PolicyDocument, today: string): PolicyDocument {
  const losses = freshName(
    'perdas',
    document.tables.map(({ id }) => id),
  );
  const table = {
    id: losses,
    kind: 'loss',
    label: 'Perda esperada e pré-pagamento',
    columns: ['offered_installments'],
    rows: [
      {
        id: 'todos',
        when: { offered_installments: 'any' as const },
        then: { expected_loss_rate: '0.05', prepayment_monthly_rate: '0' },
      },
    ],
    no_match: { code: 'NO_LOSS_SEGMENT', sentence: 'Nenhuma linha da tabela de perdas serve.' },
  };
  const first: EconomicEntry = {
    from: today,
    funding_monthly_rate: '0.0115',
    operating_cost: '0',
    fees: [],
    rebates_kept: '1',
    paid_out_share: '1',
    losses,
  };
  return withEntries({ ...document, tables: [...document.tables, table] }, [first]);
}
