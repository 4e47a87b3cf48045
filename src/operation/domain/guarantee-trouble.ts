import type { OperationStatus } from './operation-state';
import { refusalOf, type GuaranteeRefusal, type LoanProduct } from './products';

/** An event of a loan, as far as it tells of its guarantee. `summary` is what was written down with it. */
interface ToldOfLoan {
  readonly kind: string;
  readonly summary: Readonly<Record<string, unknown>>;
  readonly recordedAt: Date;
}

/** What has kept QI from binding what secures a loan. */
export interface GuaranteeTrouble {
  readonly refusals: number;
  readonly since: Date;
  readonly last: Date;
  /** Of the latest refusal; without words where no manual names the code. */
  readonly reasons: readonly { readonly code: string; readonly refusal: GuaranteeRefusal | undefined }[];
  /** QI still tries by itself. */
  readonly isTriedAgain: boolean;
}

/** @param events in the order in which they were recorded. @returns null when it was never refused */
export function guaranteeTrouble(
  events: readonly ToldOfLoan[],
  status: OperationStatus,
  product: LoanProduct,
): GuaranteeTrouble | null {
  const refused = events.filter(({ kind }) => kind === 'reservation_refused');
  const [first, latest] = [refused[0], refused.at(-1)];
  if (first === undefined || latest === undefined) return null;
  return {
    refusals: refused.length,
    since: first.recordedAt,
    last: latest.recordedAt,
    reasons: codesIn(latest.summary).map((code) => ({ code, refusal: refusalOf(product, code) })),
    isTriedAgain: status === 'reservation_retrying',
  };
}

function codesIn({ failures }: ToldOfLoan['summary']): readonly string[] {
  return (Array.isArray(failures) ? (failures as unknown[]) : []).flatMap((failure) =>
    typeof failure === 'object' && failure !== null && 'code' in failure ? [String(failure.code)] : [],
  );
}
