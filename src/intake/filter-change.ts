import { canonicalJson, Decimal, isJsonObject, parseJson, type JsonObject } from '../kernel';
import { ProblemException } from '../platform';
import type { FilterSwitch } from './requester-filter';

export interface FilterChange {
  readonly id: string;
  readonly ordinal: string;
  readonly kind: 'change' | 'stop';
  readonly status: 'proposed' | 'sending' | 'unknown' | 'sent' | 'rejected' | 'withdrawn';
  readonly body: string;
  readonly reason: string;
  readonly policy_version: string;
  readonly policy_hash: string;
  readonly proposed_by: string;
  readonly proposed_at: Date;
  readonly sent_by: string | null;
  readonly sent_at: Date | null;
  readonly settled_at: Date | null;
  readonly http_status: number | null;
  readonly answer: string | null;
}

export function documentOf({ body }: FilterChange): JsonObject {
  const document = parseJson(body);
  if (!isJsonObject(document)) throw new Error('a stored filter is no object');
  return document;
}

export function canonicalOf(change: FilterChange): string {
  return canonicalJson(documentOf(change));
}

/** Whether QI sends requests under it, and how many a day at most. */
export function switchIn(change: FilterChange): FilterSwitch {
  const document = documentOf(change);
  const custom = document['custom_data'];
  const cap = isJsonObject(custom) ? custom['received_daily_proposals'] : undefined;
  const max = isJsonObject(cap) ? cap['max'] : undefined;
  return {
    active: document['status'] === 'active',
    dailyCap: Decimal.isDecimal(max) ? Number(max.toFixed()) : undefined,
  };
}

export function openAlready({ id, status }: FilterChange): ProblemException {
  return new ProblemException(409, {
    type: 'change_open',
    title: 'Já há um pedido de filtro em aberto',
    change_id: id,
    status_now: status,
  });
}

export function notNow({ id, status }: FilterChange): ProblemException {
  return new ProblemException(409, {
    type: 'state_does_not_allow',
    title: 'O estado do pedido de filtro não permite esta ação',
    change_id: id,
    status_now: status,
  });
}

export function secondPersonNeeded(): ProblemException {
  return new ProblemException(403, {
    type: 'second_person_needed',
    title: 'Quem pediu não pode enviar, nem por um token pelo qual responde: é preciso outra pessoa',
  });
}

export function policyChanged(): ProblemException {
  return new ProblemException(409, {
    type: 'policy_changed',
    title: 'A política mudou desde o pedido: retire-o e peça de novo',
  });
}
