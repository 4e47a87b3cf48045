import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Settings } from '../settings';

/** Of every answer, pages too. */
export const ALWAYS = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
};

/** What is no page runs nothing, stands in no frame, and no cache keeps it: most of it is about somebody. */
const NO_PAGE = {
  ...ALWAYS,
  'cache-control': 'no-store',
  'content-security-policy': `default-src 'none'; frame-ancestors 'none'`,
};

/** The API's description as people read it: the pages of Swagger UI, which write their styles inline. */
const DOCUMENTATION = /^\/api\/docs(\/|$|\?)/;
const DOCUMENTATION_POLICY = [
  `default-src 'none'`,
  `script-src 'self'`,
  `style-src 'self' 'unsafe-inline'`,
  `img-src 'self' data:`,
  `connect-src 'self'`,
  `base-uri 'none'`,
  `form-action 'none'`,
  `frame-ancestors 'none'`,
].join('; ');

const A_YEAR_SECONDS = 31_536_000;

type PublicAddress = Pick<Settings, 'ARREMATE_PUBLIC_URL'>;

/** Of an answer that is no page. */
export function headersOf({ ARREMATE_PUBLIC_URL }: PublicAddress): Readonly<Record<string, string>> {
  const isHttps = ARREMATE_PUBLIC_URL.startsWith('https:');
  return {
    ...NO_PAGE,
    ...(isHttps && { 'strict-transport-security': `max-age=${A_YEAR_SECONDS}` }),
  };
}

/** Gives every answer the headers that keep browsers and caches from doing with it what nobody meant; routes may say otherwise. */
export function guardAnswers(app: NestFastifyApplication, settings: PublicAddress): void {
  const headers = headersOf(settings);
  const ofDocumentation = { ...headers, 'content-security-policy': DOCUMENTATION_POLICY };
  app
    .getHttpAdapter()
    .getInstance()
    .addHook('onRequest', (request, reply, done) => {
      void reply.headers(DOCUMENTATION.test(request.url) ? ofDocumentation : headers);
      done();
    });
}
