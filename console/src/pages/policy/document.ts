/** The parts of a policy's document that the pages show and edit; the service checks the whole. */
export interface PolicyDocument {
  readonly name: string;
  readonly description?: string;
  readonly rules: readonly PolicyRule[];
  readonly tables: readonly PolicyTable[];
  readonly lists: readonly PolicyList[];
  readonly test_cases?: readonly PolicyTestCase[];
  readonly [section: string]: unknown;
}

export type Scalar = string | number | boolean;
export type ListName = { readonly list: string };
export type Range = { readonly from?: Scalar; readonly below?: Scalar };
export type Operand = Scalar | Range | readonly Scalar[] | ListName;

export interface Comparison {
  readonly field: string;
  readonly op: string;
  readonly value: Operand;
}
export type Condition =
  | Comparison
  | { readonly all: readonly Comparison[] }
  | { readonly any: readonly Comparison[] }
  | { readonly cel: string };

export interface PolicyRule {
  readonly id: string;
  readonly code: string;
  readonly sentence: string;
  readonly severity?: string;
  readonly on_missing?: string;
  readonly effective?: { readonly from?: string; readonly until?: string };
  readonly require: Condition;
}

export type Cell = 'any' | Range | readonly Scalar[] | ListName;

export interface PolicyTable {
  readonly id: string;
  readonly kind: string;
  readonly label: string;
  readonly columns: readonly string[];
  readonly rows: readonly PolicyTableRow[];
  readonly [part: string]: unknown;
}

export interface PolicyTableRow {
  readonly id: string;
  readonly when: Readonly<Record<string, Cell>>;
  readonly then: Readonly<Record<string, unknown>>;
}

export interface PolicyList {
  readonly name: string;
  readonly of: string;
  readonly label: string;
  /** Left out: the list is kept outside the document, under its own hash. */
  readonly entries?: readonly string[];
}

export type Fact = Scalar | readonly string[] | null;

export interface PolicyTestCase {
  readonly name: string;
  /** Left out: private payroll. */
  readonly product?: 'fgts' | 'federal_payroll';
  readonly like?: string;
  readonly on: string;
  readonly window?: string;
  readonly facts: Readonly<Record<string, Fact>>;
  readonly expect: {
    readonly outcome: string;
    readonly reasons?: readonly string[];
    readonly row?: string;
    readonly fee_table?: string;
  };
}

/** A document and the stored lists behind the names that it leaves outside. */
export interface Manuscript {
  readonly document: PolicyDocument;
  readonly lists: Readonly<Record<string, string>>;
}

/** What every panel of the editor is given. */
export interface PanelProps {
  readonly document: PolicyDocument;
  readonly isEditable: boolean;
  readonly onChange: (document: PolicyDocument) => void;
}

export function documentOf(document: Readonly<Record<string, unknown>>): PolicyDocument {
  return document as unknown as PolicyDocument;
}

export const isList = (value: unknown): value is ListName =>
  typeof value === 'object' && value !== null && 'list' in value;

/** A name that none of the taken ones has: "regra", "regra-2", "regra-3" … */
export function freshName(wish: string, taken: Iterable<string>): string {
  const names = new Set(taken);
  let name = wish;
  for (let n = 2; names.has(name); n += 1) name = `${wish}-${String(n)}`;
  return name;
}
