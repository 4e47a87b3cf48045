import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { Observable } from 'rxjs';
import { ReplicaReads } from '../platform';

/** Of an answer that was read from a replica: it lacks what is younger than so many seconds. */
const DATA_AGE = 'x-data-age-seconds';

@Injectable()
export class DataAge implements NestInterceptor {
  constructor(private readonly replica: ReplicaReads) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const { lagMs } = this.replica;
    if (lagMs !== undefined)
      void context
        .switchToHttp()
        .getResponse<FastifyReply>()
        .header(DATA_AGE, String(Math.ceil(lagMs / 1_000)));
    return next.handle();
  }
}
