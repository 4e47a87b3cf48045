/** The parts of a policy's document that the pages show and edit; the service checks the whole. */
export interface PolicyDocument {
  readonly name: string;
  readonly description?: string;
  readonly rules: readonly PolicyRule[];
  readonly tables: readonly PolicyTable[];
  readonly lists: readonly PolicyList[];
  readonly test_cases?: readonly { readonly name: string }[];
  readonly [section: string]: unknown;
}

export interface PolicyRule {
  readonly id: string;
  readonly code: string;
  readonly sentence: string;
  readonly severity?: string;
  readonly on_missing?: string;
  readonly require: unknown;
}

export type Cell = { readonly from?: Scalar; readonly below?: Scalar } | { readonly [kind: string]: unknown };
export type Scalar = string | number;

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
  readonly entries?: readonly string[];
}

export function documentOf(document: Readonly<Record<string, unknown>>): PolicyDocument {
  return document as unknown as PolicyDocument;
}
