import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyError, FastifyReply } from 'fastify';
import type { IncomingMessage } from 'node:http';
import { sendProblem } from './problem';
import { guardAnswer } from './response-headers';
import type { Settings } from './settings';

/** The HTTP server. What it refuses before there is a route to ask is a problem like any other, and quotes nothing. */
export function createHttpAdapter({ engine, ARREMATE_TRUSTED_PROXIES }: Settings): FastifyAdapter {
  return new FastifyAdapter({
    bodyLimit: engine.inbox.max_body_bytes,
    trustProxy: ARREMATE_TRUSTED_PROXIES ?? false,
    requestTimeout: 10_000,
    keepAliveTimeout: 30_000,
    forceCloseConnections: 'idle',
    rewriteUrl: ({ url = '/' }: IncomingMessage) => originForm(url),
    frameworkErrors: (error: FastifyError, _request: unknown, reply: FastifyReply) => {
      void sendProblem(guardAnswer(reply), error.statusCode ?? 400, {
        type: 'bad_address',
        title: 'The address cannot be read',
      });
    },
  });
}

/** A request may name its target whole, as to a proxy (RFC 9112, 3.2.2): then it is for the path in it. */
function originForm(target: string): string {
  const [, path] = /^https?:\/\/[^/?#]*(.*)$/i.exec(target) ?? [];
  if (path === undefined) return target;
  return path.startsWith('/') ? path : `/${path}`;
}
