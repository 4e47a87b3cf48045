import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { parseJson } from '../../kernel';
import { ProblemException } from './problem';

/** Bodies that their routes read as streams, as large as those allow. */
export const SHEETS = [
  'text/csv',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
] as const;

/** Files of people that are sent on to QI: images, signed papers, proofs. */
export const DOCUMENTS = ['image/jpeg', 'image/png', 'application/pdf', 'application/zip'] as const;

/** A NUL or half a character, escaped: no text for PostgreSQL. Said once here instead of failing in some query. */
const NO_TEXT = /\\u0000|\\ud[89ab]..(?!\\ud[c-f])|(?<!\\ud[89ab]..)\\ud[c-f]/i;
const HOLDS_NO_TEXT = {
  type: 'invalid',
  title: 'The request is not valid',
  detail: 'It holds a NUL or half a character',
} as const;

/**
 * Bodies of the API are parsed without losing a digit (numbers become Decimal); the webhook door gets its raw bytes,
 * because a signature covers bytes and not their meaning. A route that takes larger bodies than most says so with
 * `@RouteConfig({ bodyLimit })`.
 */
export function useExactJson(
  app: NestFastifyApplication,
  options: { readonly rawPath: string; readonly bodyLimit: number },
): void {
  const fastify = app.getHttpAdapter().getInstance();
  fastify.addHook('onRoute', (route) => {
    const config: unknown = route.config;
    if (typeof config !== 'object' || config === null || !('bodyLimit' in config)) return;
    if (typeof config.bodyLimit === 'number') route.bodyLimit = config.bodyLimit;
  });
  fastify.addHook('onRequest', (request, _reply, done) => {
    if (/%00/.test(request.url)) done(new ProblemException(422, HOLDS_NO_TEXT));
    else done();
  });
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser([...SHEETS, ...DOCUMENTS], (_request, payload, done) => {
    done(null, payload);
  });
  fastify.addContentTypeParser(
    '*',
    { parseAs: 'buffer', bodyLimit: options.bodyLimit },
    (request, body, done) => {
      if (request.routeOptions.url === options.rawPath) {
        done(null, body);
        return;
      }
      const text = body.toString('utf8');
      if (NO_TEXT.test(text)) {
        done(new ProblemException(422, HOLDS_NO_TEXT));
        return;
      }
      try {
        done(null, text === '' ? undefined : parseJson(text));
      } catch (error) {
        const detail = error instanceof Error ? error.message : undefined;
        done(
          new ProblemException(400, {
            type: 'not_json',
            title: 'The body is not JSON',
            ...(detail && { detail }),
          }),
        );
      }
    },
  );
}
