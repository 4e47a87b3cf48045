import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startSandbox, type Sandbox, type SandboxOptions } from '../../sandbox';

export interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

export interface Webhook {
  readonly webhook_type: string;
  readonly key: string;
  readonly status: string;
  readonly data?: Record<string, unknown>;
  readonly webhook?: Webhook;
  readonly event_datetime: string;
}

interface Reply {
  readonly status: number;
  readonly headers?: Record<string, string>;
  readonly body?: string;
}

/** A proposal and a request that fit each other. */
export const OFFER = {
  request_control_key: '111e7ed3-4080-4cae-a853-8e12812817ea',
  disbursed_issue_amount: 1000,
  monthly_interest_rate: 0.02,
  number_of_installments: 12,
  purchaser_document_number: '01272247000120',
  days_to_expiration: 10,
  rebates: [{ fee_type: 'spread', amount_type: 'percentage', amount: 4.17 }],
};
export const BIDDABLE = {
  consigned_credit_balance: 5000,
  disbursed_issue_amount: 1000,
  number_of_installments: 12,
};

export const proposalPath = (key: string): string =>
  `/private_payroll_auction/issuer_proposal_request/${key}/auction_proposal`;
export const authorizePath = (key: string): string =>
  `/private_payroll/reservation/external_key/${key}/authorize`;

/** Polls until `find` finds, and fails by name when it does not. */
export async function eventually<T>(find: () => T | undefined, what: string, seconds = 8): Promise<T> {
  const until = Date.now() + seconds * 1000;
  while (Date.now() < until) {
    const found = find();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error(`did not happen in ${seconds} s: ${what}`);
}

/** A partner of a few lines, with a sandbox that plays QI to it: it knows the documents, not the sandbox's code. */
export class SandboxPartner {
  readonly received: Received[] = [];
  reply: () => Reply = () => ({ status: 200 });

  private constructor(
    readonly sandbox: Sandbox,
    private readonly server: Server,
  ) {}

  static async start(options: SandboxOptions = {}): Promise<SandboxPartner> {
    const { behaviour, ...rest } = options;
    const sandbox = await startSandbox({
      ...rest,
      behaviour: { ...behaviour, pace: { auctions_per_minute: 0, window_seconds: 0.3, step_seconds: 0.05 } },
    });
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const partner = new SandboxPartner(sandbox, server);
    partner.listen();
    sandbox.control.deliverTo(`http://127.0.0.1:${(server.address() as AddressInfo).port}/webhooks/qi`);
    return partner;
  }

  async stop(): Promise<void> {
    await this.sandbox.close();
    await new Promise((resolve) => {
      this.server.close(resolve);
      this.server.closeAllConnections();
    });
  }

  get control(): Sandbox['control'] {
    return this.sandbox.control;
  }

  get violations(): string[] {
    return this.control.ledger().violations.map((one) => one.kind);
  }

  bodies(): Webhook[] {
    return this.received.map(({ text }) => JSON.parse(text) as Webhook);
  }

  /** The first webhook whose type ends so, unwrapped. */
  webhook(type: string, status?: string): Promise<Webhook> {
    const isWanted = (body: Webhook): boolean =>
      body.webhook_type.endsWith(type) && (status === undefined || body.status === status);
    return eventually(
      () =>
        this.bodies()
          .map((body) => body.webhook ?? body)
          .find(isWanted),
      `${type} ${status ?? ''}`,
    );
  }

  /** The news of one key with this status, unwrapped. */
  news(key: string, status: string): Promise<Webhook> {
    const isWanted = (body: Webhook): boolean => body.key === key && body.status === status;
    return eventually(
      () =>
        this.bodies()
          .map((body) => body.webhook ?? body)
          .find(isWanted),
      `${status} of ${key}`,
    );
  }

  async call(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
    const response = await fetch(this.sandbox.url + path, {
      method,
      headers: { 'content-type': 'application/json', ...headers },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return {
      status: response.status,
      body: (text === '' ? {} : JSON.parse(text)) as Record<string, unknown>,
    };
  }

  propose(key: string, change: Record<string, unknown> = {}) {
    return this.call('POST', proposalPath(key), { ...OFFER, ...change });
  }

  private listen(): void {
    this.server.on('request', (incoming, outgoing) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('end', () => {
        this.received.push({ headers: incoming.headers, text: Buffer.concat(chunks).toString() });
        const { status, headers, body } = this.reply();
        outgoing.writeHead(status, headers).end(body);
      });
    });
  }
}
