import { createHash } from 'node:crypto';
import { canonicalJson, Decimal, finished, stringifyJson, type JsonValue, type Steps } from '../../kernel';
import { policySchema, type Declarations, type PolicyDocument } from './document';
import { ptBr } from './document-parts';
import { fieldDefinition, isFieldName } from './fields';
import { itemsOf, member } from './json-parts';
import type { DeclaredList } from './operands';
import type { Product } from './product';
import { sectionAt } from './sections';
import { findContradictions } from './contradictions';

declare const checked: unique symbol;
/** A policy document that has been read whole and found sound. Only `parsePolicy` and `parseStored` make one. */
export type Policy = PolicyDocument & { readonly [checked]: true };

/** One thing wrong with a document, where it stands and what stood there (null when it may be personal). */
export interface PolicyProblem {
  /** As in `rules[3].require.value`. */
  readonly path: string;
  /** In Portuguese, for the person who wrote the document. */
  readonly message: string;
  readonly value: string | null;
}

export type ParsedPolicy =
  | { readonly kind: 'ok'; readonly policy: Policy }
  | { readonly kind: 'invalid'; readonly problems: readonly PolicyProblem[] };

/**
 * Reads a policy document. All problems are returned at once; a document with any problem gives no policy.
 * Takes what `parseJson` or `JSON.parse` gives: amounts, rates and dates are text either way.
 */
export function parsePolicy(json: unknown): ParsedPolicy {
  return finished(parsePolicyInSteps(json));
}

/** The same for the thread that bids: searching rows for what contradicts itself can take half a second. */
export function parsePolicyInSteps(json: unknown): Steps<ParsedPolicy> {
  return parse(json, false);
}

/**
 * Reads a document that was accepted when it was stored. It was found sound then, and is not searched again on the
 * thread that bids; bounds that came later do not hold for it. A version in force goes on deciding as it did, and whoever
 * examines it with `parsePolicy` is told what it may not say any more.
 */
export function parseStored(json: unknown): ParsedPolicy {
  return finished(parse(json, true));
}

function* parse(json: unknown, stored: boolean): Steps<ParsedPolicy> {
  const parsed = schemaFor({ ...declarations(json), stored }).safeParse(json, ptBr);
  if (!parsed.success) {
    const problems = parsed.error.issues.map(({ path, message }) => problem(json, path, message));
    return { kind: 'invalid', problems };
  }
  const contradictions = stored ? [] : yield* findContradictions(parsed.data);
  if (contradictions.length > 0) {
    const problems = contradictions.map(({ path, message }) => problem(json, path, message));
    return { kind: 'invalid', problems };
  }
  return { kind: 'ok', policy: parsed.data as Policy };
}

let latest: { readonly key: string; readonly schema: ReturnType<typeof policySchema> } | undefined;

/** Making a schema takes longer than reading with it, and a draft is read again and again: the latest one is kept. */
function schemaFor(declared: Declarations): ReturnType<typeof policySchema> {
  const tables = Object.values(declared.tables).map((each) => [...each]);
  const key = JSON.stringify([declared.stored, [...declared.lists], tables]);
  if (latest?.key !== key) latest = { key, schema: policySchema(declared) };
  return latest.schema;
}

/** The policy as one text per meaning: the form that is hashed, stored and compared. */
export function canonicalPolicy(policy: Policy): string {
  return canonicalJson(asJsonValue(policy));
}

/**
 * The policy's address: SHA-256 over its canonical form and the hashes of the lists kept outside it.
 * Two documents with the same hash decide alike.
 */
export function policyHash(
  policy: Policy,
  externalLists: ReadonlyMap<string, { readonly sha256: string }>,
): string {
  const names = policy.lists.filter((list) => !('entries' in list)).map((list) => list.name);
  const lists = Object.fromEntries(names.map((name) => [name, externalLists.get(name)?.sha256 ?? null]));
  const text = canonicalJson({ policy: asJsonValue(policy), lists });
  return createHash('sha256').update(text, 'utf8').digest('hex');
}

function asJsonValue(value: unknown): JsonValue {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') return new Decimal(value);
  if (Array.isArray(value)) return value.map(asJsonValue);
  if (typeof value !== 'object') throw new TypeError(`a policy cannot hold a ${typeof value}`);
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(members.map(([key, member]) => [key, asJsonValue(member)]));
}

/** The names that rules and sections may refer to, read tolerantly from a document that may be wrong elsewhere. */
function declarations(json: unknown): Omit<Declarations, 'stored'> {
  const lists = new Map<string, DeclaredList>();
  for (const item of itemsOf(json, 'lists')) {
    const of = member(item, 'of');
    const name = member(item, 'name');
    if (typeof name !== 'string' || typeof of !== 'string' || !isFieldName(of)) continue;
    lists.set(name, { of, inline: member(item, 'entries') !== undefined });
  }
  const tablesOf = (product: Product): ReadonlyMap<string, string> => tablesIn(sectionAt(json, product));
  const tables = {
    private_payroll: tablesOf('private_payroll'),
    fgts: tablesOf('fgts'),
    federal_payroll: tablesOf('federal_payroll'),
  };
  return { lists, tables };
}

function tablesIn(section: unknown): ReadonlyMap<string, string> {
  const tables = new Map<string, string>();
  for (const item of itemsOf(section, 'tables')) {
    const [id, kind] = [member(item, 'id'), member(item, 'kind')];
    if (typeof id === 'string' && typeof kind === 'string') tables.set(id, kind);
  }
  return tables;
}

function problem(json: unknown, path: readonly PropertyKey[], message: string): PolicyProblem {
  const text = path
    .map((key) => (typeof key === 'number' ? `[${String(key)}]` : `.${String(key)}`))
    .join('')
    .replace(/^\./, '');
  let value = json;
  let personal = path[0] === 'lists';
  for (const key of path) {
    personal ||= isPersonal(key) || isPersonal(member(value, 'field'));
    value = member(value, key);
  }
  return { path: text, message, value: personal ? null : shown(value) };
}

function isPersonal(name: unknown): boolean {
  return typeof name === 'string' && isFieldName(name) && fieldDefinition(name).personal === true;
}

const MAX_SHOWN = 80;

function shown(value: unknown): string | null {
  if (value === undefined) return null;
  const text = typeof value === 'string' ? value : stringifyJson(value);
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text;
}
