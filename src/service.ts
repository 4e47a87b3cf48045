import { join } from 'node:path';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { SwaggerModule } from '@nestjs/swagger';
import { describeApi, setApiPrefix } from './api-description';
import { AppModule } from './app.module';
import { WEBHOOK_PATH } from './inbox';
import { Draining, serveConsole, useExactJson, type Logger, type Settings } from './platform';

export interface RunningService {
  readonly url: string;
  /** Drains: no new webhooks, what is in flight finishes, leases are given up. */
  close(): Promise<void>;
}

/** Puts the application together and listens. */
export async function startService(settings: Settings, logger: Logger): Promise<RunningService> {
  const bodyLimit = settings.engine.inbox.max_body_bytes;
  const app = await NestFactory.create<NestFastifyApplication>(
    AppModule.forRoot(settings, logger),
    new FastifyAdapter({
      bodyLimit,
      requestTimeout: 10_000,
      keepAliveTimeout: 30_000,
      forceCloseConnections: 'idle',
    }),
    { logger: nestLogger(logger), bodyParser: false, abortOnError: false },
  );
  useExactJson(app, { rawPath: WEBHOOK_PATH, bodyLimit });
  setApiPrefix(app);
  SwaggerModule.setup('api/docs', app, () => describeApi(app), { jsonDocumentUrl: 'api/openapi.json' });
  await serveConsole(app, join(process.cwd(), 'dist', 'console'));
  await app.listen(settings.PORT, settings.HOST);
  return {
    url: await app.getUrl(),
    close: async () => {
      app.get(Draining).begin();
      await app.close();
    },
  };
}

/** Nest's own messages go to the structured log; its start-up chatter only when debugging. */
function nestLogger(logger: Logger) {
  const write =
    (level: 'debug' | 'warn' | 'error') =>
    (message: unknown, ...details: unknown[]): void => {
      logger[level]({ context: details.at(-1) }, String(message));
    };
  return {
    log: write('debug'),
    debug: write('debug'),
    verbose: write('debug'),
    warn: write('warn'),
    error: write('error'),
    fatal: write('error'),
  };
}
