import type { JsonObject } from '../src/kernel';
import type { ViolationKind } from './ledger';

/** What a call of the partner's is answered with. */
export interface Answer {
  readonly status: number;
  readonly body: JsonObject;
}

export const ok = (body: JsonObject, status = 200): Answer => ({ status, body });

/** 204: done, and nothing to say. */
export const empty = (): Answer => ({ status: 204, body: {} });

/** QI's error body. `extra` names the fields at fault. */
export function refusal(
  status: number,
  description: string,
  code = 'QIT000001',
  extra: JsonObject = {},
): Answer {
  const titles: Readonly<Record<number, string>> = {
    400: 'Bad Request',
    401: 'QI Unauthenticated',
    404: 'Not Found',
    409: 'Conflict',
    429: 'Too Many Requests',
    503: 'Service Unavailable',
  };
  const title = titles[status] ?? 'Internal Server Error';
  const translation = status === 400 ? 'Schema Invalido' : 'Requisição não processada';
  return { status, body: { title, description, translation, extra_fields: extra, code } };
}

/** How a call is being carried out: whether the partner will see the answer decides whether a repetition is its fault. */
export interface CallContext {
  readonly at: Date;
  readonly heard: boolean;
  readonly violation: (kind: ViolationKind, key: string, detail: string) => void;
}
