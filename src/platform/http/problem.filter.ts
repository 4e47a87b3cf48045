import {
  Catch,
  HttpException,
  Inject,
  NotFoundException,
  type ArgumentsHost,
  type ExceptionFilter,
} from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { ZodValidationException } from 'nestjs-zod';
import { ZodError } from 'zod';
import { LOGGER, type Logger } from '../telemetry/logger';
import { ProblemException, sendProblem, type ProblemDetail } from './problem';

/** Every error of the API leaves as application/problem+json; what we did not foresee is a 500 without details. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(@Inject(LOGGER) private readonly logger: Logger) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const { status, problem } = this.describe(error);
    if (error instanceof ProblemException) void reply.headers(error.headers);
    void sendProblem(reply, status, problem);
  }

  private describe(error: unknown): { status: number; problem: ProblemDetail } {
    if (error instanceof ProblemException) return { status: error.getStatus(), problem: error.problem };
    if (error instanceof ZodValidationException) {
      const zodError = error.getZodError();
      const issues = zodError instanceof ZodError ? zodError.issues : [];
      const errors = issues.map((issue) => ({ path: issue.path.join('.'), message: issue.message }));
      return { status: 422, problem: { type: 'invalid', title: 'The request is not valid', errors } };
    }
    // Nest's own words repeat the address, which may hold anything.
    if (error instanceof NotFoundException)
      return { status: 404, problem: { type: 'not_found', title: 'There is nothing at this address' } };
    const status = statusOf(error);
    if (status !== undefined && status < 500) {
      const title = error instanceof HttpException ? error.message : 'The request cannot be served';
      return { status, problem: { type: 'refused', title } };
    }
    this.logger.error({ err: error }, 'request failed');
    return {
      status: 500,
      problem: { type: 'internal', title: 'Something went wrong on our side; it has been logged' },
    };
  }
}

/** The HTTP status that Nest or Fastify (body too large, unsupported media type) gave the error. */
function statusOf(error: unknown): number | undefined {
  if (error instanceof HttpException) return error.getStatus();
  if (
    typeof error === 'object' &&
    error !== null &&
    'statusCode' in error &&
    typeof error.statusCode === 'number'
  ) {
    return error.statusCode;
  }
  return undefined;
}
