import { sum } from './fees';
import type { Cents } from './scaled';

/** The instalments of a loan, in due order. */
export interface Flow {
  readonly amounts: readonly Cents[];
  /** The one amount of all, when they are known to be equal: sums over them are then products. */
  readonly equal: Cents | undefined;
}

export function equalFlow(amount: Cents, count: number): Flow {
  return { amounts: new Array<Cents>(count).fill(amount), equal: amount };
}

export function listedFlow(amounts: readonly Cents[]): Flow {
  return { amounts, equal: undefined };
}

export function totalOf({ amounts, equal }: Flow): Cents {
  return equal === undefined ? sum(amounts) : equal * BigInt(amounts.length);
}
