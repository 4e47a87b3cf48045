import { errorOf, type QiExchange } from '../qi';

/** An exchange in one line: the status, and QI's own code and description. */
export function wordsOf(exchange: QiExchange): string {
  if (exchange.kind !== 'answered') return exchange.why;
  const { code, description } = errorOf(exchange);
  return [`HTTP ${exchange.httpStatus}`, code, description].filter((part) => part !== undefined).join(', ');
}

export function isTaken(exchange: QiExchange): boolean {
  return exchange.kind === 'answered' && exchange.httpStatus >= 200 && exchange.httpStatus < 300;
}
