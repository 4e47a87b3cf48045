import type { CalendarDate } from '../../src/kernel';
import type { Period } from './caixa';

export type QueryResult =
  | { readonly kind: 'success'; readonly referenceDate: CalendarDate; readonly periods: readonly Period[] }
  | {
      readonly kind: 'failed';
      readonly enumerator: string;
      /** The first day on which Caixa takes the request, when that is known. */
      readonly permittedFrom: CalendarDate | undefined;
    };

export interface BalanceQuery {
  readonly key: string;
  readonly documentNumber: string;
  readonly askedAt: Date;
  /** Whether the partner knows of it. */
  readonly heard: boolean;
  status: 'pending' | 'success' | 'failed' | 'canceled';
  result: QueryResult | undefined;
}
