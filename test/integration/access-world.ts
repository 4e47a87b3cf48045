import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Type } from '@nestjs/common';
import { NestApplicationContextOptions } from '@nestjs/common/interfaces/nest-application-context-options.interface';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { pino } from 'pino';
import { DataSource } from 'typeorm';
import { AppModule } from '../../src/app.module';
import { createHttpAdapter, readSettings } from '../../src/platform';
import { openDoors } from '../../src/service';
import { faultsAt } from '../support/described-api';
import type { Call, FrontDoor } from '../support/people';
import { dataDirectory } from '../support/data-directory';
import { createTestDatabase, type TestDatabase } from '../support/test-database';

export type { Answer, Call } from '../support/people';

/** The token of the environment: every role. */
export const MASTER = 'master-token-of-the-tests-0123456789';

/** A console of one page, so that nothing here depends on a build. */
const CONSOLE = join(__dirname, '..', 'support', 'console');

/** Every answer to `call` is checked against the API's description. */
export interface AccessWorld extends FrontDoor {
  readonly app: NestFastifyApplication;
  /** As the service's role. */
  readonly dataSource: DataSource;
  readonly asOwner: TestDatabase['asOwner'];
  readonly databaseUrl: string;
  /** `METHOD /path` of every route there is. */
  readonly routes: readonly string[];
  /** Requests with this bearer token. */
  as(token: string): Call;
  /** A new token with these roles. */
  tokenFor(...roles: string[]): Promise<string>;
  close(): Promise<void>;
}

/** The whole application on a database of its own, nothing left out but the listening socket. */
export async function createAccessWorld(
  environment: Readonly<Record<string, string>> = {},
  ...extraControllers: Type[]
): Promise<AccessWorld> {
  const database = await createTestDatabase();
  const settings = readSettings({
    DATABASE_URL: database.serviceUrl,
    ARREMATE_DATA_DIR: dataDirectory(),
    ARREMATE_ENCRYPTION_KEY: randomBytes(32).toString('base64'),
    ARREMATE_API_TOKEN: MASTER,
    PURCHASER_DOCUMENT_NUMBER: '32402502000135',
    QI_BASE_URL: 'http://127.0.0.1:9',
    QI_API_CLIENT_KEY: 'test',
    QI_SIGNING: 'none',
    QI_WEBHOOK_AUTH: 'none',
    ...environment,
  });
  const logged: string[] = [];
  const moduleRef = await Test.createTestingModule({
    imports: [
      AppModule.forRoot(settings, pino({ level: 'warn' }, { write: (line) => void logged.push(line) })),
    ],
    controllers: extraControllers,
  }).compile();
  const bodyLimit = settings.engine.inbox.max_body_bytes;
  const options = Object.assign(new NestApplicationContextOptions(), { bodyParser: false });
  const app = moduleRef.createNestApplication<NestFastifyApplication>(createHttpAdapter(settings), options);
  const routes: string[] = [];
  app
    .getHttpAdapter()
    .getInstance()
    .addHook('onRoute', ({ method, url }) => {
      for (const verb of [method].flat())
        if (verb !== 'HEAD' && verb !== 'OPTIONS') routes.push(`${verb} ${url}`);
    });
  await openDoors(app, { bodyLimit, consoleDirectory: CONSOLE });
  await app.init();
  await app.getHttpAdapter().getInstance().ready();

  const call: Call = async (method, path, body, headers = {}) => {
    const answer = await app.inject({
      method,
      url: path,
      headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
      ...(body !== undefined && { payload: JSON.stringify(body) }),
    });
    const type = String(answer.headers['content-type'] ?? '');
    const faults = faultsAt(method, path, { status: answer.statusCode, type, text: answer.body });
    if (faults.length > 0) throw new Error(`${method} ${path} ${faults.join('; ')}: ${answer.body}`);
    const isJson = /json/.test(type);
    return {
      status: answer.statusCode,
      headers: answer.headers,
      body: isJson ? answer.json<Record<string, unknown>>() : { text: answer.body },
    };
  };
  const as =
    (token: string): Call =>
    (method, path, body, headers) =>
      call(method, path, body, { authorization: `Bearer ${token}`, ...headers });
  return {
    app,
    dataSource: app.get(DataSource),
    databaseUrl: database.url,
    asOwner: database.asOwner,
    routes,
    logged,
    call,
    master: as(MASTER),
    as,
    tokenFor: async (...roles) => {
      const { body } = await as(MASTER)('POST', '/api/v1/tokens', { name: 'for a test', roles });
      return String(body['token']);
    },
    close: async () => {
      // TypeORM may close its pool before the last service has said goodbye to the database.
      await app.close().catch((error: unknown) => {
        if (!String(error).includes('Driver not Connected')) throw error;
      });
      await database.drop();
    },
  };
}
