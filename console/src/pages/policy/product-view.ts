import type { PolicyDocument, PolicyTestCase } from './document';
import type { Problem } from './problems';

/** What we lend, as documents and addresses call it; the document itself is about the first. */
export const PRODUCTS = ['private_payroll', 'fgts', 'federal_payroll'] as const;
export type Product = (typeof PRODUCTS)[number];

/** The parts that each product has of its own; lists, cases and the rest of a document are shared. */
const OWN: readonly string[] = ['rules', 'tables', 'limits', 'pricing', 'settings'];
/** What besides stands in the document and speaks of auctions alone. */
const OF_AUCTIONS: readonly string[] = [
  ...OWN,
  'economics',
  'fitting',
  'learning',
  'late_bidding',
  'pacing',
  'authorization',
];

type Section = Readonly<Record<string, unknown>>;

function sectionsOf(document: PolicyDocument): Readonly<Partial<Record<Product, Section>>> {
  return document['products'] ?? {};
}

/** The document as if its product were this one: the panels edit every product alike. Undefined: it has no section. */
export function viewOf(document: PolicyDocument, product: Product): PolicyDocument | undefined {
  if (product === 'private_payroll') return document;
  const section = sectionsOf(document)[product];
  return section && { ...document, ...section };
}

/** A document with what was changed in its view. */
export function withView(document: PolicyDocument, product: Product, view: PolicyDocument): PolicyDocument {
  if (product === 'private_payroll') return view;
  const own = Object.entries(view).filter(([part]) => OWN.includes(part));
  const shared = Object.entries(view).filter(([part]) => !OWN.includes(part));
  const kept = Object.entries(document).filter(([part]) => OWN.includes(part));
  return {
    ...(Object.fromEntries([...shared, ...kept]) as unknown as PolicyDocument),
    products: { ...sectionsOf(document), [product]: Object.fromEntries(own) },
  };
}

/** A document that has, or no longer has, a section for a product. */
export function withSection(
  document: PolicyDocument,
  product: Product,
  section: Section | undefined,
): PolicyDocument {
  const { [product]: _, ...others } = sectionsOf(document);
  const products = section === undefined ? others : { ...others, [product]: section };
  const { products: _before, ...rest } = document;
  return Object.keys(products).length === 0 ? rest : { ...rest, products };
}

const IN_SECTION = /^products\.(fgts|federal_payroll)\./;

/** Whose section a place of the document is in. */
export function productAt(path: string): Product {
  return (IN_SECTION.exec(path)?.[1] as Product | undefined) ?? 'private_payroll';
}

/** The place as it is called inside its section. */
export function placeInSection(path: string): string {
  return path.replace(IN_SECTION, '');
}

/** The problems of a view: those of its section by their places in it, and those of what is shared. */
export function problemsOf(problems: readonly Problem[], product: Product): readonly Problem[] {
  const isShared = (path: string): boolean => !OF_AUCTIONS.includes(/^[a-z_]*/.exec(path)?.[0] ?? '');
  return problems.flatMap((problem) => {
    const { path } = problem;
    if (productAt(path) !== product)
      return productAt(path) === 'private_payroll' && isShared(path) ? [problem] : [];
    return [{ ...problem, path: placeInSection(path) }];
  });
}

export const productOf = ({ product }: PolicyTestCase): Product => product ?? 'private_payroll';

export interface FeeTable {
  readonly id: string;
  readonly label: string;
  readonly table: string;
  readonly contract_fees: unknown;
  readonly rebates: unknown;
}

/** The offers that a view shows side by side; none of private payroll, which makes one. */
export function feeTablesOf({ pricing }: PolicyDocument): readonly FeeTable[] {
  const tables: unknown = (pricing as Section | undefined)?.['fee_tables'];
  return Array.isArray(tables) ? (tables as readonly FeeTable[]) : [];
}

/** A section to start from: it lends little, at one price, and refuses a wrong CPF. */
export function newSection(product: Product): Section {
  const isFgts = product === 'fgts';
  const term = isFgts ? 'offered_periods' : 'offered_installments';
  return {
    rules: [
      {
        id: 'cpf-valido',
        code: 'CPF_INVALID',
        sentence: 'Os dígitos verificadores do CPF não conferem.',
        require: { field: 'cpf_valid', op: 'eq', value: true },
      },
    ],
    tables: [
      {
        id: 'precos',
        kind: 'price',
        label: 'Taxa mensal',
        hit: 'unique',
        columns: [term],
        no_match: { code: 'NO_PRICE', sentence: 'A tabela de preços não tem linha para este pedido.' },
        rows: [{ id: 'todos', when: { [term]: 'any' }, then: { monthly_interest_rate: '0.0175' } }],
      },
    ],
    limits: {
      amount: { minimum: '100', maximum: '1000' },
      installments: isFgts ? { minimum: 1, maximum: 3 } : { minimum: 6, maximum: 96 },
      ...(!isFgts && { minimum_margin: '0' }),
    },
    pricing: {
      fee_tables: [{ id: 'padrao', label: 'Padrão', table: 'precos', contract_fees: [], rebates: [] }],
      days_to_expiration: 7,
    },
    settings: { snapshot_max_age_hours: 24, disbursement_business_days: 1 },
  };
}
