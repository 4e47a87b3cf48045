import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { z } from 'zod';
import type { JsonValue } from '../kernel';
import { actorOf, type Actor, type ProblemException } from '../platform';
import { isAccepted, type Accepted } from './idempotent-requests.service';
import { problemOf, type Refusal } from './refusal';

/** What a person or a partner's system asks for over HTTP. */
export interface PersonsRequest {
  readonly actor: Actor;
  readonly idempotencyKey: string | undefined;
  readonly body: JsonValue | undefined;
}

/** The same with what its body says, as a schema has read it. */
export interface Ask<Schema extends z.ZodType> extends PersonsRequest {
  readonly wanted: z.output<Schema>;
}

/**
 * Parameter of a handler: a `PersonsRequest`, or with a schema of the body an `Ask` of it.
 * @throws ProblemException 422
 */
export const Asks = (schema?: z.ZodType): ParameterDecorator => asking({ schema });

/** Wrapped: whatever has a `transform`, as a schema has, Nest takes for a pipe. */
const asking = createParamDecorator(
  (
    { schema }: { readonly schema: z.ZodType | undefined },
    context: ExecutionContext,
  ): PersonsRequest | Ask<z.ZodType> => {
    const { headers, body } = context.switchToHttp().getRequest<HttpRequest>();
    const request = {
      actor: actorOf(context),
      idempotencyKey: checkedKey(headers['idempotency-key']),
      body,
    };
    return schema === undefined ? request : { ...request, wanted: readBody(schema, body) };
  },
);

interface HttpRequest {
  readonly headers: { readonly 'idempotency-key'?: string };
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
  return answerOr(problemOf, outcome);
}

/** The same where refusals are others. */
export function answerOr<Refused extends { readonly kind: string }>(
  problemOfRefused: (refusal: Refused) => ProblemException,
  outcome: Accepted | Refused,
): Accepted['answer'] {
  if (isAccepted(outcome)) return outcome.answer;
  throw problemOfRefused(outcome);
}
