import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyError, FastifyReply } from 'fastify';
import { sendProblem } from './problem';

/** The HTTP server. What it refuses before there is a route to ask is a problem like any other, and quotes nothing. */
export function createHttpAdapter(bodyLimit: number): FastifyAdapter {
  return new FastifyAdapter({
    bodyLimit,
    requestTimeout: 10_000,
    keepAliveTimeout: 30_000,
    forceCloseConnections: 'idle',
    frameworkErrors: (error: FastifyError, _request: unknown, reply: FastifyReply) => {
      void sendProblem(reply, error.statusCode ?? 400, {
        type: 'bad_address',
        title: 'The address cannot be read',
      });
    },
  });
}
