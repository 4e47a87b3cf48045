import { Decimal } from '../../kernel';
import type { Caps } from '../../exposure/domain';
import type { CompiledPolicy } from '../../policy/domain';

/** The limits of a policy's sections `exposure` and `pacing`. */
export function capsOf({ policy: { exposure, pacing } }: CompiledPolicy): Caps {
  const cap = (value: string | number | null): Decimal | undefined =>
    value === null ? undefined : new Decimal(value);
  return {
    per_borrower: cap(exposure.per_borrower),
    per_employer: cap(exposure.per_employer),
    per_day: cap(exposure.per_day),
    total: cap(exposure.total),
    bids_per_minute: cap(pacing.bids_per_minute),
    bids_per_hour: cap(pacing.bids_per_hour),
    bids_per_day: cap(pacing.bids_per_day),
  };
}
