import type { z } from 'zod';
import type { JsonValue } from '../kernel';
import type { Actor } from '../platform';
import type { Accepted } from './idempotent-requests.service';
import { problemOf, type Refusal } from './refusal';

/** What a person or a partner's system asks for over HTTP. */
export interface PersonsRequest {
  readonly actor: Actor;
  readonly idempotencyKey: string | undefined;
  readonly body: JsonValue | undefined;
}

/** For the API's description. */
export const IDEMPOTENCY_KEY = {
  name: 'Idempotency-Key',
  required: false,
  description: 'Repetitions with the same key and body are given the first answer and do nothing',
};

const MAX_KEY = 200;

/** @throws ProblemException 422 for a key that cannot be kept. */
export function checkedKey(key: string | undefined): string | undefined {
  if (key === undefined || (key.length >= 1 && key.length <= MAX_KEY)) return key;
  throw problemOf({
    kind: 'invalid',
    problems: [{ path: 'Idempotency-Key', message: `use de 1 a ${MAX_KEY} caracteres` }],
  });
}

/** Reads a body that may be left out altogether. @throws ProblemException 422 */
export function readBody<T extends z.ZodType>(schema: T, body: unknown): z.output<T> {
  const read = schema.safeParse(body ?? {});
  if (read.success) return read.data;
  const problems = read.error.issues.map(({ path, message }) => ({ path: path.join('.'), message }));
  throw problemOf({ kind: 'invalid', problems });
}

/** @throws ProblemException for a refusal. */
export function answerOf(outcome: Accepted | Refusal): Accepted['answer'] {
  if (outcome.kind !== 'done') throw problemOf(outcome);
  return outcome.answer;
}
