import { createHash, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { Inject, Injectable } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyRequest } from 'fastify';
import { ProblemException } from './problem';
import { SETTINGS, type Settings } from '../settings';

/** The API's description and its pages: also for whoever is signed in. */
const DOCUMENTATION = /^\/api\/(docs|openapi\.json)/;
const MONITORING = /^\/(metrics|heartbeat)$/;
const HEALTH = /^\/health\//;

/**
 * What is for operators: metrics, the heartbeat of monitoring, the API's description, and the details of /health/ready. Open to everybody unless the
 * settings name a port or a token for it; with either, whoever comes another way sees neither. /health/live and the bare
 * answer of /health/ready are everybody's, for orchestrators ask for them.
 */
@Injectable()
export class ManagementDoor {
  readonly #cameByPort = new WeakSet<IncomingMessage>();
  readonly #token: Buffer | undefined;
  #server: Server | undefined;

  constructor(@Inject(SETTINGS) private readonly settings: Settings) {
    const token = settings.ARREMATE_MANAGEMENT_TOKEN;
    this.#token = token === undefined ? undefined : digest(token);
  }

  /** Whether a request may see what is for operators. */
  sees({ raw, headers }: FastifyRequest): boolean {
    if (this.#isOpen || this.#cameByPort.has(raw)) return true;
    const given = /^Bearer (\S+)$/i.exec(headers.authorization ?? '')?.[1];
    return this.#token !== undefined && given !== undefined && timingSafeEqual(digest(given), this.#token);
  }

  /**
   * Judges requests before their routes do.
   * @param isSignedIn for the API's description, which is no secret from those who use the API
   */
  guard(app: NestFastifyApplication, isSignedIn: (request: FastifyRequest) => Promise<boolean>): void {
    if (this.#isOpen) return;
    const fastify = app.getHttpAdapter().getInstance();
    fastify.addHook('onRequest', (request, _reply, done) => {
      const route = request.routeOptions.url ?? '';
      const isDocumentation = DOCUMENTATION.test(route);
      const isForOperators = isDocumentation || MONITORING.test(route);
      const cameByPort = this.#cameByPort.has(request.raw);
      if (cameByPort) done(isForOperators || HEALTH.test(route) ? undefined : notHere());
      else if (!isForOperators || this.sees(request)) done();
      else if (!isDocumentation) done(this.#refusal());
      else
        void isSignedIn(request).then((isIn) => {
          done(isIn ? undefined : this.#refusal());
        });
    });
  }

  /** Opens the port of its own, where the settings name one. @returns where it listens */
  async listen(app: NestFastifyApplication): Promise<number | undefined> {
    const { ARREMATE_MANAGEMENT_PORT: port, ARREMATE_MANAGEMENT_HOST: host } = this.settings;
    if (port === undefined) return undefined;
    const fastify = app.getHttpAdapter().getInstance();
    const server = createServer({ requestTimeout: 10_000 }, (request, response) => {
      this.#cameByPort.add(request);
      fastify.routing(request, response);
    });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen(port, host, resolve);
    });
    this.#server = server;
    const address = server.address();
    return typeof address === 'object' ? address?.port : undefined;
  }

  get #isOpen(): boolean {
    return this.settings.ARREMATE_MANAGEMENT_PORT === undefined && this.#token === undefined;
  }

  #refusal(): ProblemException {
    if (this.#token === undefined) return notHere();
    return new ProblemException(401, { type: 'unauthenticated', title: 'Give the management token' });
  }

  close(): void {
    this.#server?.close();
    this.#server?.closeAllConnections();
  }
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

function notHere(): ProblemException {
  return new ProblemException(404, { type: 'not_found', title: 'There is nothing at this address' });
}
