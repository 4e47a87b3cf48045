import type { CellTerms } from './choose-rate';
import type { TableLimits } from './compile-table';
import type { Declaration } from './declarations';
import type { LearnerSettings } from './learner';
import type { RateTable } from './rate-table';

/** What a night learns within. */
export interface NightTerms {
  readonly settings: LearnerSettings;
  /** Of each cell, the table's rate; undefined where there is none. */
  readonly references: readonly (number | undefined)[];
  /** undefined: the cell keeps the table's rate. */
  readonly cells: readonly (CellTerms | undefined)[];
  readonly declarations: readonly Declaration[];
  readonly limits: TableLimits;
  readonly minimumBids: number;
  readonly validityDays: number;
  /** Days after which acceptances, and payouts, are all known. */
  readonly acceptedAfter: number;
  readonly paidAfter: number;
  /** The last day that is learnt from. */
  readonly through: string;
  /** Margins are held against the control from this day on. */
  readonly watchedFrom: string;
  /** Of the last version of a day before, with the same cells, that nobody had to let through or somebody did. */
  readonly lastTables: readonly RateTable[];
  /** What may be won of a day's money: of the mandate's, or of all that the policy lets be lent; undefined: no limit. */
  readonly dailyFunding: number | undefined;
  /** The part of the requests that tonight's rates are bid for: all others are bid the table's, whatever money costs. */
  readonly learnedShare: number;
}

export const NIGHT_REFUSALS = [
  'TOO_FEW_BIDS',
  'GAP_IN_TIME',
  'ONE_ARMED',
  'NOT_CONVERGED',
  'NOT_POSITIVE_DEFINITE',
  'CELL_UNKNOWN',
  'NOT_A_COUNT',
  'RATE_NOT_WHOLE',
  'NO_ROOM',
  'DECLARATION_BROKEN',
] as const;
export type NightRefusal = (typeof NIGHT_REFUSALS)[number];
