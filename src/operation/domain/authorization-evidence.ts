import { isJsonObject, parseJson, type JsonValue } from '../../kernel';

/** Reservation statuses that can only follow an authorization (QI documentation, list of enumerators). */
const AFTER_AUTHORIZATION: readonly string[] = ['authorized', 'pending_reservation', 'reserved'];
const BEFORE_AUTHORIZATION = 'pending_requester_authorization';

/**
 * What the reservation query says about an authorization whose answer was lost.
 * The list may hold several reservations of one operation, old ones included, and their keys are not to be
 * trusted as join keys: one that can only follow an authorization proves it, and only when all of them (and no page is
 * missing) still wait for it is it certain that it was not taken. Anything else is unclear.
 */
export function readAuthorizationEvidence(body: string): 'authorized' | 'not_authorized' | 'unclear' {
  const answer = parsed(body);
  const statuses = [...reservationStatuses(answer)];
  if (statuses.some((status) => AFTER_AUTHORIZATION.includes(status))) return 'authorized';
  const allWait = statuses.length > 0 && statuses.every((status) => status === BEFORE_AUTHORIZATION);
  return allWait && isWhole(answer) ? 'not_authorized' : 'unclear';
}

/** Whether the reservation query says that the margin is bound. */
export function saysReserved(body: string): boolean {
  return [...reservationStatuses(parsed(body))].includes('reserved');
}

function isWhole(answer: JsonValue): boolean {
  const pagination = isJsonObject(answer) ? answer['pagination'] : undefined;
  return !isJsonObject(pagination) || (pagination['next_page'] ?? null) === null;
}

function parsed(body: string): JsonValue {
  try {
    return parseJson(body);
  } catch {
    return null; // a 2xx that is not JSON says nothing
  }
}

/** Every `reservation_status`, in a page, a list of pages or a list of reservations. */
function* reservationStatuses(value: JsonValue): Generator<string> {
  if (Array.isArray(value)) {
    for (const item of value) yield* reservationStatuses(item);
  } else if (isJsonObject(value)) {
    const status = value['reservation_status'];
    if (typeof status === 'string') yield status.toLowerCase();
    if (value['data'] !== undefined) yield* reservationStatuses(value['data']);
  }
}
