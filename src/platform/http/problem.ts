import { HttpException } from '@nestjs/common';
import type { FastifyReply } from 'fastify';

/** A field that the caller must mend. */
export interface FieldError {
  /** Path of the field in the body, e.g. `installments.0.due_date`. */
  readonly path: string;
  readonly message: string;
}

export interface ProblemDetail {
  /** Short, stable, machine-readable name: becomes the last part of the problem's `type` URI. */
  readonly type: string;
  readonly title: string;
  readonly detail?: string;
  readonly errors?: readonly FieldError[];
  /** Further members, e.g. the state and the allowed actions of a 409. */
  readonly [extension: string]: unknown;
}

/** An answer that is not the one asked for, as RFC 9457 problem+json. Never carries personal data. */
export class ProblemException extends HttpException {
  constructor(
    status: number,
    readonly problem: ProblemDetail,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(problem, status);
  }
}

/** What the API says of each kind of refusal. */
export type Said<Refusal extends { readonly kind: string }> = {
  readonly [Kind in Refusal['kind']]: (
    refusal: Extract<Refusal, { readonly kind: Kind }>,
  ) => readonly [status: 403 | 404 | 409 | 422, problem: ProblemDetail];
};

export function problemIn<Refusal extends { readonly kind: string }>(
  said: Said<Refusal>,
  refusal: Refusal,
): ProblemException {
  const say = said[refusal.kind as Refusal['kind']] as unknown as (
    refusal: Refusal,
  ) => readonly [number, ProblemDetail];
  return new ProblemException(...say(refusal));
}

export function problemDocument(status: number, { type, ...members }: ProblemDetail): string {
  return JSON.stringify({ type: `urn:arremate:problem:${type}`, status, ...members });
}

export function sendProblem(reply: FastifyReply, status: number, problem: ProblemDetail): FastifyReply {
  return reply
    .status(status)
    .header('content-type', 'application/problem+json')
    .send(problemDocument(status, problem));
}
