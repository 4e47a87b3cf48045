export interface Side {
  readonly bids: number;
  readonly disbursed_amount: string;
  readonly average_monthly_rate: string | null;
}

/** A backtest's report, as src/trial/domain/backtest-tally.ts writes it. */
export interface Figures {
  readonly requests: number;
  readonly baseline: Side & { readonly reasons: Readonly<Record<string, number>> };
  readonly candidate: Side & { readonly reasons: Readonly<Record<string, number>> };
  readonly segments: readonly {
    readonly segment: string;
    readonly requests: number;
    readonly baseline: Side;
    readonly candidate: Side;
  }[];
  readonly changed: {
    readonly gained: number;
    readonly lost: number;
    readonly changed: number;
    readonly other_reasons: number;
    readonly causes: readonly { readonly kind: string; readonly cause: string; readonly requests: number }[];
    readonly examples: readonly {
      readonly auction: string;
      readonly kind: string;
      readonly causes: readonly string[];
    }[];
  };
  readonly wins: {
    readonly known: { readonly won: number; readonly lost: number };
    readonly verdict: 'no_change' | 'judged' | 'not_judged';
    readonly because: string;
    readonly effect: { readonly wins: number; readonly low: number; readonly high: number } | null;
  };
  readonly unusual_reasons: { readonly never: readonly string[]; readonly always: readonly string[] };
  readonly assumed_standing: number;
  /** Not in a report of a former release. */
  readonly limits_lifted?: number;
  readonly unreadable: number;
  /** Not in a report of a former release. */
  readonly erased?: number;
  readonly kept_after?: string | null;
  readonly failed: number;
}

/** Undefined while there is no report, and for one of a former form. */
export function readFigures(figures: Readonly<Record<string, unknown>> | null): Figures | undefined {
  return figures !== null && 'changed' in figures && 'wins' in figures
    ? (figures as unknown as Figures)
    : undefined;
}
