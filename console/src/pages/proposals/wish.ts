import { reais, typedDecimal } from '../../format/format';

export interface Wish {
  readonly kind: 'maximum' | 'target' | 'periods';
  /** As typed: "1.234,56". */
  readonly amount: string;
  /** Chosen withdrawals in order, the amount as typed. */
  readonly periods: readonly { readonly due_date: string; readonly amount: string }[];
}

export const MOST: Wish = { kind: 'maximum', amount: '', periods: [] };

/** The first withdrawals of a balance, whole. */
export function firstOf(periods: Wish['periods'], count: number): Wish['periods'] {
  return periods.slice(0, count).map(({ due_date, amount }) => ({ due_date, amount: reais(amount) }));
}

/** As the API wants it. What is no amount goes as it stands, for the service to say so. */
export function wishOf({ kind, amount, periods }: Wish) {
  switch (kind) {
    case 'maximum':
      return { kind };
    case 'target':
      return { kind, amount: typedDecimal(amount) ?? amount };
    case 'periods':
      return {
        kind,
        periods: periods.map((each) => ({ ...each, amount: typedDecimal(each.amount) ?? each.amount })),
      };
  }
}
