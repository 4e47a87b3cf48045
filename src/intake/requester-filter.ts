import { canonicalJson, Decimal, isJsonObject, type JsonObject, type JsonValue } from '../kernel';

/** Both ends included; an end without a limit is undefined. */
export interface Bounds<Value> {
  readonly min: Value | undefined;
  readonly max: Value | undefined;
}

/**
 * The limits that no request outside them could ever pass. QI then does not send it; within them we judge for ourselves.
 * Too wide costs a webhook, too narrow costs business that nobody sees.
 */
export interface RequestLimits {
  /** What the borrower asks for, in reais. */
  readonly amount: Bounds<Decimal>;
  readonly installments: Bounds<number>;
  /** Reais. */
  readonly minimumMargin: Decimal | undefined;
  readonly minimumDaysEmployed: number | undefined;
  /** Completed years. */
  readonly age: Bounds<number>;
}

export interface FilterSwitch {
  /** False: QI sends no request at all. */
  readonly active: boolean;
  /** Requests a day at most. */
  readonly dailyCap: number | undefined;
}

/** Where the limits come from; bound by the composition root. */
export interface RequestLimitsSource {
  current(): {
    readonly limits: RequestLimits;
    readonly policy: { readonly version: string; readonly hash: string };
  };
}

export const REQUEST_LIMITS_SOURCE = Symbol('RequestLimitsSource');

/**
 * The body of PATCH .../requester_configuration/custom_data (QI's page on filter configuration). All fields must be
 * sent; null is unused. `alert_preferences` stays unused: the page does not say whether "acknowledge" lets an alert pass,
 * and our rules judge each alert by its dates.
 */
export function writeRequesterFilter(
  limits: RequestLimits,
  { active, dailyCap }: FilterSwitch,
): { status: string; custom_data: JsonObject } {
  return {
    status: active ? 'active' : 'inactive',
    custom_data: {
      disbursed_issue_amount: bounds(limits.amount),
      number_of_installments: bounds(limits.installments),
      consigned_credit_balance: bounds({ min: limits.minimumMargin, max: undefined }),
      days_since_employment: atLeast(limits.minimumDaysEmployed),
      age: bounds(limits.age),
      received_daily_proposals: dailyCap === undefined ? null : { max: new Decimal(dailyCap) },
      alert_preferences: null,
    },
  };
}

function bounds({ min, max }: Bounds<Decimal | number>): JsonObject | null {
  if (min === undefined && max === undefined) return null;
  return { min: number(min), max: number(max) };
}

function atLeast(min: number | undefined): JsonObject | null {
  return min === undefined ? null : { min: new Decimal(min) };
}

function number(value: Decimal | number | undefined): Decimal | null {
  return value === undefined ? null : new Decimal(value);
}

/** One place where two filters are not the same; null where there is nothing. */
export interface FilterDifference {
  /** As in `custom_data.age.min`. */
  readonly path: string;
  readonly before: string | null;
  readonly after: string | null;
}

/** What a filter would change; everything it says, when none was sent before. */
export function filterDifferences(before: JsonObject | undefined, after: JsonObject): FilterDifference[] {
  const [old, fresh] = [leavesOf(before ?? {}), leavesOf(after)];
  return [...new Set([...old.keys(), ...fresh.keys()])]
    .map((path) => ({ path, before: old.get(path) ?? null, after: fresh.get(path) ?? null }))
    .filter((leaf) => leaf.before !== leaf.after);
}

/** Every value by its path; what is null is not there. */
function leavesOf(object: JsonObject, base = ''): Map<string, string> {
  const leaves = new Map<string, string>();
  for (const [name, value] of Object.entries(object)) {
    const path = base === '' ? name : `${base}.${name}`;
    if (isJsonObject(value)) for (const [below, text] of leavesOf(value, path)) leaves.set(below, text);
    else if (value !== null) leaves.set(path, textOf(value));
  }
  return leaves;
}

function textOf(value: JsonValue): string {
  return typeof value === 'string' ? value : canonicalJson(value);
}
