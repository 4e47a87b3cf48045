import type { CalendarDate, Steps } from '../kernel';
import type { CompiledLearning, CompiledPolicy, PolicyFinding } from './domain';

/** Whether what a mandate allows covers what loans cost, which takes pricing them. */
export type FloorCheck = (learning: CompiledLearning, on: CalendarDate) => readonly PolicyFinding[];

export const FLOOR_CHECK = Symbol('FloorCheck');

/** What the usual loan of a row of prices costs: rates are fractions a month, as exact decimals. */
export interface RowCostView {
  readonly table: string;
  readonly row: string;
  /** The lowest rate at which it does not lose; null when no rate does. */
  readonly break_even_rate: string | null;
  /** The row's rate less that. */
  readonly margin_rate: string | null;
}

/** What rows of prices cost, and those that lie under it. Empty without economics. */
export type CostCheck = (
  compiled: CompiledPolicy,
  on: CalendarDate,
) => Steps<{ readonly costs: readonly RowCostView[]; readonly findings: readonly PolicyFinding[] }>;

export const COST_CHECK = Symbol('CostCheck');
