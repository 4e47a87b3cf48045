import { randomBytes, randomUUID } from 'node:crypto';
import { Global, Module, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { NestApplicationContextOptions } from '@nestjs/common/interfaces/nest-application-context-options.interface';
import { Reflector } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { ZodSerializerInterceptor, ZodValidationPipe } from 'nestjs-zod';
import { pino } from 'pino';
import { DataSource } from 'typeorm';
import { DOCUMENT_SHELF } from '../../src/documents';
import { DAY_MS, Cpf, calendarDate, Decimal } from '../../src/kernel';
import { AcceptanceRecords } from '../../src/origination';
import {
  ACCEPTANCE_SOURCE,
  AUTHORIZATION_RULES_SOURCE,
  BUSINESS_CALENDAR_SOURCE,
  LOAN_CLAIMS,
  OPERATION_LIMITS,
  OperationModule,
  operationLimitsFrom,
  OperationService,
  RESERVATION_DESK,
  WORKFORCE,
  type IssuedLoan,
  type OperationLimits,
  type WonAuction,
} from '../../src/operation';
import type { AuthorizationRules, OperationEvent } from '../../src/operation/domain';
import {
  CLOCK,
  Draining,
  PlatformModule,
  ProblemFilter,
  readSettings,
  useExactJson,
  type Actor,
} from '../../src/platform';
import { FakeReservationDesk } from '../support/fake-reservation-desk';
import { dataDirectory } from '../support/data-directory';
import { createTestDatabase, type TestDatabase } from '../support/test-database';

export const BORROWER = '52998224725';

/** Rules that a clean signature passes. */
export const RULES: AuthorizationRules = {
  version: 'test-1',
  faceValidationScore: { automaticFrom: new Decimal(70), cancelBelow: new Decimal(20) },
  documentFaceMatchScore: { automaticFrom: new Decimal(80), cancelBelow: undefined },
  acceptedLiveness: ['live'],
  onFraudFlag: 'cancel',
  onForeignSigner: 'person',
  sampledShare: new Decimal(0),
};

/** Everything a clean signature says; `changes` spoil it. */
export function signedBy(cpf = BORROWER, changes: Record<string, unknown> = {}): OperationEvent {
  const signer = {
    cpf: Cpf.parse(cpf),
    faceValidationScore: new Decimal(80),
    faceValidationAvailable: true,
    fraudBaseFlag: false,
    documentFaceMatchScore: new Decimal(100),
    livenessResult: 'live',
    signedAtText: '2025-04-09T19:59:39Z',
    ...changes,
  };
  return { kind: 'signed', evidence: { signers: [signer], hasSignedContract: true } };
}

export const refusedFor = (...codes: string[]): OperationEvent => ({
  kind: 'reservation_refused',
  failures: codes.map((code) => ({ code, reason: undefined })),
});
export const paymentRefused = (code = 'ted_refusal'): OperationEvent => ({
  kind: 'disbursement_failed',
  failure: { code, reason: 'agencia_conta_invalida' },
});
export const disbursed: OperationEvent = {
  kind: 'disbursed',
  payments: [
    {
      amount: new Decimal('2100.00'),
      endToEndId: 'E1',
      transactionKey: 'T1',
      timestampText: '2026-01-29T20:03:44',
    },
  ],
  installments: [],
};

export interface World {
  readonly app: NestFastifyApplication;
  /** As the service's role. */
  readonly dataSource: DataSource;
  readonly asOwner: TestDatabase['asOwner'];
  readonly desk: FakeReservationDesk;
  readonly operations: OperationService;
  /** May be replaced during a test. */
  readonly policy: { rules: AuthorizationRules | undefined };
  /** Who has left. */
  readonly gone: Set<string>;
  /** Loans of which another one has taken what they take. */
  readonly claimed: Set<string>;
  /** May be changed during a test. */
  readonly limits: { -readonly [K in keyof OperationLimits]: OperationLimits[K] };
  /** A request of the API by `actor`. */
  call(actor: string, method: 'GET' | 'POST', path: string, body?: unknown, key?: string): Promise<Answer>;
  /** As the inbox does it: one transaction, then what must follow it. */
  hear(key: string, event: OperationEvent, webhookId?: string, product?: string): Promise<void>;
  /** A loan of a product without an auction, issued for us. */
  issue(key: string, product: string, changes?: Partial<IssuedLoan>): Promise<void>;
  win(key: string, changes?: Partial<WonAuction>): Promise<void>;
  statusOf(key: string): Promise<string | undefined>;
  openTasks(key: string): Promise<string[]>;
  /** For the operation, not for the database: further each time. */
  moveClock(days: number): void;
  /** The database is not to be reached for so long. */
  cutDatabaseFor(ms: number): Promise<void>;
  close(): Promise<void>;
}

export interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

/** Believes whoever says who they are. */
class NamedActorGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<{ headers: Record<string, string>; actor?: Actor }>();
    request.actor = { id: request.headers['x-actor'] ?? 'nobody', roles: ['operator'] };
    return true;
  }
}

let lastWebhookId = 0;

/** The operation module on a database of its own, with a counter in memory in place of QI. */
export async function createWorld(limits: Partial<OperationLimits> = {}): Promise<World> {
  const database = await createTestDatabase();
  const desk = new FakeReservationDesk();
  const gone = new Set<string>();
  const claimed = new Set<string>();
  const policy = { rules: RULES as AuthorizationRules | undefined };
  const ports = [
    { provide: RESERVATION_DESK, useValue: desk },
    { provide: ACCEPTANCE_SOURCE, useClass: AcceptanceRecords },
    { provide: DOCUMENT_SHELF, useValue: {} },
    {
      provide: LOAN_CLAIMS,
      useValue: { retake: (_: unknown, key: string) => Promise.resolve(!claimed.has(key)) },
    },
    { provide: AUTHORIZATION_RULES_SOURCE, useValue: { rulesInForce: () => Promise.resolve(policy.rules) } },
    {
      provide: WORKFORCE,
      useValue: {
        present: (actors: readonly string[]) =>
          Promise.resolve(new Set(actors.filter((actor) => !gone.has(actor)))),
      },
    },
    {
      provide: BUSINESS_CALENDAR_SOURCE,
      useValue: {
        currentCalendar: () => ({
          firstYear: 2020,
          lastYear: 2040,
          holidays: new Set([calendarDate('2026-12-25')]),
        }),
      },
    },
  ];

  @Global()
  @Module({ providers: ports, exports: ports })
  class Ports {}

  let aheadMs = 0;
  const clock = { now: () => new Date(Date.now() + aheadMs), monotonicMs: () => performance.now() };

  const settings = readSettings({
    DATABASE_URL: database.serviceUrl,
    ARREMATE_DATA_DIR: dataDirectory(),
    ARREMATE_ENCRYPTION_KEY: randomBytes(32).toString('base64'),
    PURCHASER_DOCUMENT_NUMBER: '32402502000135',
    QI_BASE_URL: 'http://127.0.0.1:9',
    QI_API_CLIENT_KEY: 'test',
    QI_SIGNING: 'none',
    QI_WEBHOOK_AUTH: 'none',
    ARREMATE_API_TOKEN: 'a'.repeat(32),
  });
  const adjusted = {
    ...operationLimitsFrom(settings.engine),
    undoWindowMs: 0,
    poll_ms: 20,
    retry_base_ms: 10,
    retry_max_ms: 50,
    ...limits,
  };
  const moduleRef = await Test.createTestingModule({
    imports: [PlatformModule.forRoot(settings, pino({ level: 'silent' })), Ports, OperationModule],
  })
    .overrideProvider(OPERATION_LIMITS)
    .useValue(adjusted)
    .overrideProvider(CLOCK)
    .useValue(clock)
    .compile();
  const options = Object.assign(new NestApplicationContextOptions(), { bodyParser: false });
  const app = moduleRef.createNestApplication<NestFastifyApplication>(new FastifyAdapter(), options);
  useExactJson(app, { rawPath: '/webhooks/qi', bodyLimit: 262_144 });
  app.useGlobalGuards(new NamedActorGuard());
  app.useGlobalPipes(new ZodValidationPipe());
  app.useGlobalFilters(new ProblemFilter(pino({ level: 'silent' })));
  app.useGlobalInterceptors(new ZodSerializerInterceptor(app.get(Reflector)));
  await app.init();
  await app.getHttpAdapter().getInstance().ready();
  const dataSource = app.get(DataSource);
  const operations = app.get(OperationService);

  return {
    app,
    dataSource,
    asOwner: database.asOwner,
    desk,
    operations,
    policy,
    gone,
    claimed,
    limits: adjusted,
    call: async (actor, method, path, body, key) => {
      const answer = await app.inject({
        method,
        url: path,
        headers: {
          'x-actor': actor,
          ...(body !== undefined && { 'content-type': 'application/json' }),
          ...(key !== undefined && { 'idempotency-key': key }),
        },
        ...(body !== undefined && { payload: JSON.stringify(body) }),
      });
      return { status: answer.statusCode, body: answer.json<Record<string, unknown>>() };
    },
    hear: async (key, event, webhookId = String((lastWebhookId += 1)), product) => {
      const webhook = {
        id: webhookId,
        receivedAt: new Date(),
        type: 'test',
        key,
        status: undefined,
        eventAtText: undefined,
        document: {},
      };
      const handling = await dataSource.transaction((tx) =>
        operations.recordEvent(tx, webhook, { operationKey: key, product, event }),
      );
      if (handling.kind === 'done') handling.afterCommit?.();
    },
    issue: async (key, product, changes = {}) => {
      await dataSource.transaction((tx) =>
        operations.recordIssued(tx, {
          creditOperationKey: key,
          product,
          requestControlKey: randomUUID(),
          borrowerCpf: cpfOf(BORROWER),
          disbursedIssueAmount: new Decimal('2100.00'),
          paysOff: false,
          acceptedInstead: undefined,
          installmentFaceValue: undefined,
          numberOfInstallments: 24,
          plan: [],
          monthlyInterestRate: new Decimal('0.0179'),
          ...changes,
        }),
      );
      operations.announce();
    },
    win: async (key, changes = {}) => {
      await dataSource.transaction((tx) =>
        operations.recordWon(tx, {
          creditOperationKey: key,
          auctionKey: `auction-of-${key}`,
          auctionProposalKey: `proposal-of-${key}`,
          requestControlKey: undefined,
          borrowerCpf: Cpf.parse(BORROWER),
          disbursedIssueAmount: new Decimal('2100.00'),
          installmentFaceValue: new Decimal('102.25'),
          numberOfInstallments: 24,
          monthlyInterestRate: new Decimal('0.0249'),
          ...changes,
        }),
      );
      operations.announce();
    },
    statusOf: async (key) => {
      const [row] = await dataSource.query<{ status: string }[]>(
        `SELECT status FROM operation WHERE credit_operation_key = $1`,
        [key],
      );
      return row?.status;
    },
    openTasks: async (key) => {
      const rows = await dataSource.query<{ kind: string }[]>(
        `SELECT kind FROM task WHERE credit_operation_key = $1 AND status <> 'resolved' ORDER BY kind`,
        [key],
      );
      return rows.map(({ kind }) => kind);
    },
    moveClock: (days) => {
      aheadMs += days * DAY_MS;
    },
    cutDatabaseFor: (ms) => database.cutFor(ms),
    close: async () => {
      app.get(Draining).begin();
      await app.close();
      await database.drop();
    },
  };
}

function cpfOf(digits: string): Cpf {
  const cpf = Cpf.parse(digits);
  if (cpf === undefined) throw new Error('not a CPF');
  return cpf;
}
