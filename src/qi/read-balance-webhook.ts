import type { CalendarDate, JsonObject } from '../kernel';
import type { BalanceNews } from '../origination';
import { Fields } from './fields';
import { readEnvelope } from './read-envelope';
import { unreadable, type Unreadable } from './unreadable';

export type BalanceReading =
  | { readonly kind: 'read'; readonly key: string; readonly news: BalanceNews }
  | Unreadable;

const UNSPECIFIED = 'unspecified';

/**
 * A webhook about a balance query. QI spells the same result differently from product to product and from page to page
 * (T-45); what a success holds, the product reads.
 * @param readSuccess undefined where the balance cannot be read: part of one is none
 */
export function readBalanceWebhook(
  document: JsonObject,
  readSuccess: (data: Fields) => BalanceNews | undefined,
): BalanceReading {
  const { key, status } = readEnvelope(document);
  if (key === undefined) return unreadable('key_missing');
  const data = new Fields(document).child('data');
  switch (status?.trim().toLowerCase()) {
    case 'success':
    case 'succeeded': {
      const news = readSuccess(data);
      return news === undefined ? unreadable('content_unclear') : { kind: 'read', key, news };
    }
    case 'failed':
    case 'failure':
      return {
        kind: 'read',
        key,
        news: refused(
          data.word('error_enumerator', 'enumerator'),
          data.text('error_description', 'description'),
          // The name reads the other way round: it is the first day on which it is permitted (T-77).
          data.child('error_data').date('operation_not_allowed_until_date'),
        ),
      };
    default:
      return unreadable('status_unknown');
  }
}

function refused(
  code: string | undefined,
  description: string | undefined,
  permittedFrom: CalendarDate | undefined,
): BalanceNews {
  return { kind: 'refused', code: code ?? UNSPECIFIED, description, permittedFrom };
}
