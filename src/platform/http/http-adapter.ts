import { STATUS_CODES, type IncomingMessage } from 'node:http';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyError, FastifyReply } from 'fastify';
import { problemDocument, sendProblem, type ProblemDetail } from './problem';
import { headersOf } from './response-headers';
import type { Settings } from '../settings';

/** What is refused before it is a request, by Node's name for the reason; anything else is no HTTP. */
const UNREADABLE: Readonly<Record<string, number>> = {
  HPE_HEADER_OVERFLOW: 431,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
};

type HttpSettings = Pick<Settings, 'engine' | 'ARREMATE_TRUSTED_PROXIES' | 'ARREMATE_PUBLIC_URL'>;

/** The HTTP server. What it refuses before there is a route to ask is a problem like any other, and quotes nothing. */
export function createHttpAdapter(settings: HttpSettings): FastifyAdapter {
  const headers = headersOf(settings);
  return new FastifyAdapter({
    bodyLimit: settings.engine.inbox.max_body_bytes,
    trustProxy: settings.ARREMATE_TRUSTED_PROXIES ?? false,
    requestTimeout: 10_000,
    keepAliveTimeout: 30_000,
    forceCloseConnections: 'idle',
    rewriteUrl: ({ url = '/' }: IncomingMessage) => originForm(url),
    frameworkErrors: (error: FastifyError, _request: unknown, reply: FastifyReply) => {
      void sendProblem(reply.headers({ ...headers }), error.statusCode ?? 400, {
        type: 'bad_address',
        title: 'The address cannot be read',
      });
    },
    clientErrorHandler: ({ code }, socket) => {
      if (code === 'ECONNRESET' || !socket.writable) {
        socket.destroy();
        return;
      }
      socket.end(answerText(UNREADABLE[code] ?? 400, headers));
    },
  });
}

const NO_REQUEST: ProblemDetail = { type: 'no_request', title: 'This is no request that can be read' };

/** An answer to whoever has not asked anything yet: there is no reply to write it with. */
function answerText(status: number, headers: Readonly<Record<string, string>>): string {
  const body = problemDocument(status, NO_REQUEST);
  const lines = Object.entries({
    ...headers,
    'content-type': 'application/problem+json',
    'content-length': String(Buffer.byteLength(body)),
    connection: 'close',
  }).map(([name, value]) => `${name}: ${value}`);
  return [`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`, ...lines, '', body].join('\r\n');
}

/** A request may name its target whole, as to a proxy (RFC 9112, 3.2.2): then it is for the path in it. */
function originForm(target: string): string {
  const [, path] = /^https?:\/\/[^/?#]*(.*)$/i.exec(target) ?? [];
  if (path === undefined) return target;
  return path.startsWith('/') ? path : `/${path}`;
}
