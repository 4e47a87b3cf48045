import { join } from 'node:path';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { SwaggerModule } from '@nestjs/swagger';
import { describeApi, setApiPrefix } from './api-description';
import { Callers } from './access';
import { AppModule } from './app.module';
import { openWebhookDoor, WEBHOOK_PATH } from './inbox';
import {
  createHttpAdapter,
  guardAnswers,
  ManagementDoor,
  serveConsole,
  SETTINGS,
  useExactJson,
  type Logger,
  type Settings,
} from './platform';

export interface RunningService {
  readonly url: string;
  /** Drains: new webhooks are left to others, what is in flight finishes, leases are given up. */
  close(): Promise<void>;
}

/** Puts the application together and listens. */
export async function startService(settings: Settings, logger: Logger): Promise<RunningService> {
  const bodyLimit = settings.engine.inbox.max_body_bytes;
  const app = await NestFactory.create<NestFastifyApplication>(
    AppModule.forRoot(settings, logger),
    createHttpAdapter(settings),
    { logger: nestLogger(logger), bodyParser: false, abortOnError: false },
  );
  await openDoors(app, { bodyLimit, consoleDirectory: join(process.cwd(), 'dist', 'console') });
  const management = app.get(ManagementDoor);
  await app.listen(settings.PORT, settings.HOST);
  await management.listen(app);
  return {
    url: await app.getUrl(),
    close: async () => {
      await app.close();
      management.close();
    },
  };
}

/** What stands around the routes: how bodies are read, where the API lives, its description, the console. */
export async function openDoors(
  app: NestFastifyApplication,
  { bodyLimit, consoleDirectory }: { readonly bodyLimit: number; readonly consoleDirectory: string },
): Promise<void> {
  useExactJson(app, { rawPath: WEBHOOK_PATH, bodyLimit });
  guardAnswers(app, app.get<Settings>(SETTINGS));
  const callers = app.get(Callers);
  app.get(ManagementDoor).guard(app, (request) => callers.identify(request).then(Boolean, () => false));
  openWebhookDoor(app);
  setApiPrefix(app);
  SwaggerModule.setup('api/docs', app, () => describeApi(app), { jsonDocumentUrl: 'api/openapi.json' });
  await serveConsole(app, consoleDirectory);
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
