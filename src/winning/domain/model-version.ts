import { createHash } from 'node:crypto';
import { canonicalText } from '../../kernel';
import { WHOLE } from './exploration';
import type { Belief } from './laplace';
import type { LearnerState } from './learner';
import type { ExpectedOfCell } from './night-tables';
import type { RateTable } from './rate-table';
import type { AmountSpend } from './shadow-price';

export const MODEL_FORMAT = 1;

/** What a version was made from: it is used only while these are what they were. Hashes are SHA-256 in hex. */
export interface ModelOrigin {
  readonly mandate: string;
  readonly policy: string;
  readonly assumptions: string;
  readonly parent: string | undefined;
  /** The last day whose ends it knows, as yyyy-mm-dd. */
  readonly trainedThrough: string;
}

/** A model as it is stored, hashed and read: whole bp and ten-thousandths for deciding, state as decimal text for learning on. */
export interface ModelDocument {
  readonly format: typeof MODEL_FORMAT;
  readonly origin: ModelOrigin;
  /** Under which auctions draw their arms. */
  readonly seed: string;
  /** By price of money, lowest first; the prices in reais, as decimal text. */
  readonly prices: readonly string[];
  /** For each real of what; undefined in documents of releases that priced what is lent. */
  readonly pricedPer?: 'won';
  readonly tables: readonly RateTable[];
  /** At each price, what a day is expected to win by amount; whole reais. Empty where money has no price. */
  readonly spend: readonly (readonly AmountSpend[])[];
  /** That part of it which no price leaves out; undefined in documents of releases that did not tell it apart. */
  readonly spendAtAnyPrice?: number;
  /** Of each cell at its rate of the lowest price; null where the table's rate stays. */
  readonly expected: readonly (ExpectedOfCell | null)[];
  readonly state: StateDocument;
  readonly card: Readonly<Record<string, string>>;
}

interface BeliefDocument {
  readonly mean: readonly string[];
  /** The lower triangle, row by row. */
  readonly covariance: readonly string[];
}

interface StateDocument {
  readonly win: BeliefDocument;
  readonly acceptance: BeliefDocument;
  readonly payouts: { readonly paid: readonly string[]; readonly failed: readonly string[] };
  readonly drift: {
    readonly up: string;
    readonly down: string;
    readonly alarmDays: number;
    readonly days: number;
  };
}

export interface ModelVersion {
  /** SHA-256 of `text`, hex. */
  readonly hash: string;
  /** Canonical JSON. */
  readonly text: string;
}

export function modelVersion(document: ModelDocument): ModelVersion {
  const text = canonicalText(document);
  return { hash: createHash('sha256').update(text).digest('hex'), text };
}

export function stateDocument({ win, acceptance, payouts, drift }: LearnerState): StateDocument {
  const text = (numbers: readonly number[]): readonly string[] => numbers.map(String);
  return {
    win: beliefDocument(win),
    acceptance: beliefDocument(acceptance),
    payouts: { paid: text(payouts.paid), failed: text(payouts.failed) },
    drift: { ...drift, up: String(drift.up), down: String(drift.down) },
  };
}

export function readState({ win, acceptance, payouts, drift }: StateDocument): LearnerState {
  return {
    win: readBelief(win),
    acceptance: readBelief(acceptance),
    payouts: { paid: payouts.paid.map(Number), failed: payouts.failed.map(Number) },
    drift: { ...drift, up: Number(drift.up), down: Number(drift.down) },
  };
}

function beliefDocument({ mean, covariance }: Belief): BeliefDocument {
  const triangle: string[] = [];
  for (let row = 0; row < mean.length; row++) {
    for (let column = 0; column <= row; column++)
      triangle.push(String(covariance[row * mean.length + column]));
  }
  return { mean: Array.from(mean, String), covariance: triangle };
}

function readBelief({ mean, covariance }: BeliefDocument): Belief {
  const size = mean.length;
  const matrix = new Float64Array(size * size);
  let at = 0;
  for (let row = 0; row < size; row++) {
    for (let column = 0; column <= row; column++) {
      const value = Number(covariance[at++]);
      matrix[row * size + column] = value;
      matrix[column * size + row] = value;
    }
  }
  return { mean: Float64Array.from(mean, Number), covariance: matrix };
}

/** Why a version may not be bid with; the policy's own rate is bid then. */
export type ModelFault =
  | 'HASH_MISMATCH'
  | 'FORMAT_UNKNOWN'
  | 'ORIGIN_CHANGED'
  | 'STALE'
  | 'CELLS_MISSING'
  | 'RATE_OUTSIDE_BOUNDS'
  | 'PROPENSITIES_BROKEN';

/** What a version is held against before it is used. */
export interface ModelExpectation {
  readonly mandate: string;
  readonly policy: string;
  readonly assumptions: string;
  /** Days since `trainedThrough`, and how many a version may live. */
  readonly ageOn: (trainedThrough: string) => number;
  readonly mostDays: number;
  readonly cells: number;
}

export type VerifiedModel =
  | { readonly kind: 'usable'; readonly hash: string; readonly document: ModelDocument }
  | { readonly kind: 'fallback'; readonly reason: ModelFault };

/** Reads a stored version: every byte counts, and nothing that is odd is bid with. */
export function verifyVersion({ hash, text }: ModelVersion, expected: ModelExpectation): VerifiedModel {
  const fallback = (reason: ModelFault): VerifiedModel => ({ kind: 'fallback', reason });
  if (createHash('sha256').update(text).digest('hex') !== hash) return fallback('HASH_MISMATCH');
  // The hash says that we wrote it.
  const document = JSON.parse(text) as ModelDocument;
  const { format, origin, tables } = document as Omit<ModelDocument, 'format'> & { format: number };
  if (format !== MODEL_FORMAT) return fallback('FORMAT_UNKNOWN');
  const same = (['mandate', 'policy', 'assumptions'] as const).every(
    (name) => origin[name] === expected[name],
  );
  if (!same) return fallback('ORIGIN_CHANGED');
  if (!(expected.ageOn(origin.trainedThrough) <= expected.mostDays)) return fallback('STALE');
  const fault =
    tables.length === 0
      ? 'CELLS_MISSING'
      : tables.map((table) => tableFault(table, expected.cells)).find(Boolean);
  return fault === undefined ? { kind: 'usable', hash, document } : fallback(fault);
}

function tableFault(table: RateTable, cells: number): ModelFault | undefined {
  if (table.length !== cells) return 'CELLS_MISSING';
  for (const { ratesBp, stepsFrom, floorBp, ceilingBp, exploration } of table) {
    if (ratesBp.length !== stepsFrom.length + 1) return 'CELLS_MISSING';
    const inside = (rate: number | null): boolean =>
      rate === null || (Number.isInteger(rate) && rate >= floorBp && rate <= ceilingBp);
    if (!ratesBp.every(inside)) return 'RATE_OUTSIDE_BOUNDS';
    const { propensities, stepBp } = exploration;
    const whole = [...propensities, stepBp].every((each) => Number.isInteger(each) && each >= 0);
    if (!whole || propensities.reduce((sum, share) => sum + share, 0) !== WHOLE) return 'PROPENSITIES_BROKEN';
  }
  return undefined;
}
