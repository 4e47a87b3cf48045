import { ENDED_UNPAID } from './margin-state';
import { afterRefusal, refusalOf, type GuaranteeRefusal, type LoanProduct } from './products';
import type { Endings } from './two-endings';

/** An event of a loan, as far as it tells of its guarantee. `summary` is what was written down with it. */
interface ToldOfLoan {
  readonly kind: string;
  readonly summary: Readonly<Record<string, unknown>>;
  readonly recordedAt: Date;
}

/**
 * tried_again: QI still tries by itself. given_up: it does not. unexplained: no manual says whether it does.
 * bound: it was bound in the end.
 */
export const GUARANTEE_OUTCOMES = ['tried_again', 'given_up', 'unexplained', 'bound'] as const;
export type GuaranteeOutcome = (typeof GUARANTEE_OUTCOMES)[number];

/** What has kept QI from binding what secures a loan. */
export interface GuaranteeTrouble {
  readonly refusals: number;
  readonly since: Date;
  readonly last: Date;
  /** Of the latest refusal; without words where no manual names the code. */
  readonly reasons: readonly { readonly code: string; readonly refusal: GuaranteeRefusal | undefined }[];
  readonly outcome: GuaranteeOutcome;
}

/**
 * @param events in the order in which they were recorded
 * @param endings where the loan stands now
 * @returns null when it was never refused
 */
export function guaranteeTrouble(
  events: readonly ToldOfLoan[],
  product: LoanProduct,
  endings: Endings,
): GuaranteeTrouble | null {
  const refused = events.filter(({ kind }) => kind === 'reservation_refused');
  const [first, latest] = [refused[0], refused.at(-1)];
  if (first === undefined || latest === undefined) return null;
  const codes = codesIn(latest.summary);
  const isBound = events.slice(events.indexOf(latest)).some(({ kind }) => kind === 'reservation_confirmed');
  return {
    refusals: refused.length,
    since: first.recordedAt,
    last: latest.recordedAt,
    reasons: codes.map((code) => ({ code, refusal: refusalOf(product, code) })),
    outcome: isBound || isPaidFor(endings) ? 'bound' : outcomeOf(afterRefusal(product, codes), endings),
  };
}

/** Only what is bound is paid, where the guarantee is part of the contract's own life. */
function isPaidFor({ status, margin }: Endings): boolean {
  return status === 'disbursed' && margin === null;
}

/** QI tries no more for a contract that has come to its end. */
function outcomeOf(next: GuaranteeRefusal['qi'], { status }: Endings): GuaranteeOutcome {
  if (next === 'unclear') return 'unexplained';
  return next === 'retries' && !ENDED_UNPAID.includes(status) ? 'tried_again' : 'given_up';
}

function codesIn({ failures }: ToldOfLoan['summary']): readonly string[] {
  return (Array.isArray(failures) ? (failures as unknown[]) : []).flatMap((failure) =>
    typeof failure === 'object' && failure !== null && 'code' in failure ? [String(failure.code)] : [],
  );
}
