import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { sendProblem } from './problem';
import { ALWAYS } from './response-headers';

/** Addresses that are never a page of the console: what is unknown there is unknown, not the start page. */
const NOT_PAGES = /^\/(api|health|metrics|heartbeat|webhooks)(\/|$|\?)/;
/** Stands in index.html wherever the browser wants this answer's nonce. */
const NONCE_PLACEHOLDER = '__CSP_NONCE__';

/**
 * Nothing but our own files, nothing inline but the style sheets that carry this answer's nonce. Style attributes are
 * let through because charts write their tooltips with them.
 */
function contentSecurityPolicy(nonce: string): string {
  return [
    `default-src 'none'`,
    `script-src 'self'`,
    `style-src-elem 'self' 'nonce-${nonce}'`,
    `style-src-attr 'unsafe-inline'`,
    `img-src 'self' data:`,
    `font-src 'self'`,
    `connect-src 'self'`,
    `manifest-src 'self'`,
    `base-uri 'none'`,
    `form-action 'none'`,
    `frame-ancestors 'none'`,
  ].join('; ');
}

/**
 * Serves the built console under `/`: its hashed files for ever, compressed as they were built, and its one page for
 * every address that is not the API's. Does nothing where it was not built.
 */
export async function serveConsole(app: NestFastifyApplication, directory: string): Promise<void> {
  const page = join(directory, 'index.html');
  if (!existsSync(page)) return;
  const html = readFileSync(page, 'utf8');
  const fastify = app.getHttpAdapter().getInstance();
  await fastify.register(fastifyStatic, {
    root: join(directory, 'assets'),
    prefix: '/assets/',
    decorateReply: false,
    preCompressed: true,
    immutable: true,
    maxAge: '1y',
  });
  fastify.get('/*', (request, reply) => {
    if (NOT_PAGES.test(request.url) || /\.\w+$/.test(request.url.split('?', 1)[0] ?? '')) {
      return sendProblem(reply, 404, { type: 'not_found', title: 'There is nothing at this address' });
    }
    const nonce = randomBytes(16).toString('base64');
    return reply
      .headers({
        ...ALWAYS,
        'cache-control': 'no-cache',
        'content-security-policy': contentSecurityPolicy(nonce),
      })
      .type('text/html; charset=utf-8')
      .send(html.replaceAll(NONCE_PLACEHOLDER, nonce));
  });
}
