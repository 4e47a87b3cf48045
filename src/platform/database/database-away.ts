import { codeOf } from '../../kernel';

/** Classes of SQLSTATE that speak of the server and not of what was asked: connection, who may enter, resources, shutdown, system. */
const AWAY = /^(08|28|53|57P0|58)/;
/** What Node and the driver say when there is no connection, or none any more. */
const NO_CONNECTION =
  /^(ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN)$/;
/** What Node says of a certificate that it does not trust. */
export const UNTRUSTED = /^(CERT_|DEPTH_ZERO_|ERR_TLS_|SELF_SIGNED_|UNABLE_TO_)/;
const NO_ANSWER =
  /^(Connection terminated|Query read timeout|timeout exceeded when trying to connect|Client has encountered a connection error)/;

/** Classes that speak of the moment: a transaction that was ended, a deadlock, a lock, a time-out. */
const OF_THE_MOMENT = /^(25|40|55|57)/;

/** True where the database was away, full or shutting down: nothing is proved against what was to be done. */
export function isDatabaseAway(error: unknown): boolean {
  const code = codeOf(error) ?? '';
  if ([AWAY, NO_CONNECTION, UNTRUSTED].some((codes) => codes.test(code))) return true;
  return error instanceof Error && NO_ANSWER.test(error.message);
}

/** True where the same may go well the next time: nothing is proved against the row that it was about. */
export function isPassing(error: unknown): boolean {
  return isDatabaseAway(error) || OF_THE_MOMENT.test(codeOf(error) ?? '');
}
