import type { CommandAnswer } from '../commands';
import { withoutDocumentNumbers } from '../kernel';
import { Fields } from './fields';
import { readJsonObject } from './json-bytes';
import type { QiExchange } from './qi-message';

type Answered = Extract<QiExchange, { kind: 'answered' }>;

/** Codes of QI's door: of keys, signatures and partners, never of what was asked for. */
const OF_THE_DOOR = /^GDF/i;
/** Codes of a right that we have not, with 403 (QI's catalogue of errors). */
const OF_A_RIGHT = /^QIT00000[2-6]$/i;

const MAX_KEPT_BODY = 16_384;

/** What an HTTP status says about whether QI took a request. */
export type Verdict = 'accepted' | 'not_taken' | 'server_error' | 'in_doubt' | 'rejected';

/**
 * Any 2xx is a yes: the manuals disagree on which. 429 is the one refusal that says "not now". 409 answers a number
 * seen before, so the first of two requests may well be in force; 408 leaves open what was read. Everything else,
 * redirects included, is a no.
 */
export function verdictOf(httpStatus: number): Verdict {
  if (httpStatus >= 200 && httpStatus < 300) return 'accepted';
  if (httpStatus === 429) return 'not_taken';
  if (httpStatus === 408 || httpStatus === 409) return 'in_doubt';
  return httpStatus >= 500 ? 'server_error' : 'rejected';
}

/** The fields of an answer; none when it is not a JSON object. */
export function fieldsOf(answer: Answered): Fields {
  return new Fields(readJsonObject(Buffer.from(answer.text)) ?? {});
}

/** QI's error, as far as it can be read: `code` such as QIT000001, and `description`, which people will read. */
export function errorOf(answer: Answered): {
  readonly code: string | undefined;
  readonly description: string | undefined;
} {
  const fields = fieldsOf(answer);
  const description = fields.text('description', 'title');
  return { code: fields.key('code'), description: withoutDocumentNumbers(description) };
}

/** QI does not let us in (key, signature, address, right), and so has not looked at what was asked for. */
export function isOfTheDoor({ httpStatus }: Answered, code: string | undefined): boolean {
  if (verdictOf(httpStatus) !== 'rejected') return false;
  if (httpStatus === 401 || OF_THE_DOOR.test(code ?? '')) return true;
  // With a code of another kind QI has looked, and the refusal is of this bid.
  return httpStatus === 403 && (code === undefined || OF_A_RIGHT.test(code));
}

/** An answer's body for the record: bounded, and without the one character PostgreSQL cannot store. */
export function keptBody(answer: Answered): string {
  return answer.text.slice(0, MAX_KEPT_BODY).replaceAll('\0', '\uFFFD');
}

/**
 * How a command ended that may be repeated only when QI has certainly not taken it.
 * @param kept whole: the body of a yes is read later, and is bounded by the client alone
 */
export function commandAnswerOf(exchange: QiExchange, kept: 'whole' | 'cut' = 'cut'): CommandAnswer {
  if (exchange.kind === 'not_sent') return { kind: 'not_taken', why: exchange.why, httpStatus: undefined };
  if (exchange.kind === 'no_answer')
    return { kind: 'unknown', why: exchange.why, httpStatus: exchange.httpStatus };
  const { httpStatus } = exchange;
  const why = `HTTP ${httpStatus}`;
  switch (verdictOf(httpStatus)) {
    case 'accepted':
      return { kind: 'accepted', httpStatus, body: kept === 'whole' ? exchange.text : keptBody(exchange) };
    case 'not_taken':
      return { kind: 'not_taken', why, httpStatus };
    case 'server_error':
    case 'in_doubt':
      return { kind: 'unknown', why, httpStatus };
    case 'rejected':
      return { kind: 'rejected', httpStatus, ...errorOf(exchange), body: keptBody(exchange) };
  }
}

/** Of a command in whose answer nothing is read but its status: a yes whose words were lost on the way is all of it. */
export function answerByStatus(answer: CommandAnswer): CommandAnswer {
  const { kind, httpStatus } = answer;
  if (kind !== 'unknown' || httpStatus === undefined || verdictOf(httpStatus) !== 'accepted') return answer;
  return { kind: 'accepted', httpStatus, body: '' };
}

/**
 * QI has looked and knows no such thing, which is an answer to a question. A 404 without a code of QI's is of whoever stands
 * between us, and one of its door is about us: neither says anything of what was asked for.
 */
export function saysUnknown(answer: CommandAnswer): answer is Extract<CommandAnswer, { kind: 'rejected' }> {
  if (answer.kind !== 'rejected' || answer.httpStatus !== 404) return false;
  return answer.code !== undefined && !OF_THE_DOOR.test(answer.code);
}
