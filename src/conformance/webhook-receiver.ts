import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Delivery } from '../inbox';
import { canonicalJson, type Clock } from '../kernel';
import type { QiLine } from '../qi';
import type { DeliveredContent } from './domain';
import { receivedWebhook, type ReceivedWebhook } from './received-webhook';
import type { WebhookWatch } from './step';

interface Content {
  readonly answers: ('plain' | 'signed')[];
  lastAt: Date;
}

const MAX_BODY_BYTES = 1_048_576;

/**
 * Takes webhooks in place of the service and watches how QI takes the answers: each is answered plainly at first, and by
 * a signed acknowledgement when it comes again.
 */
export class WebhookReceiver implements WebhookWatch {
  readonly webhooks: ReceivedWebhook[] = [];
  readonly #contents = new Map<string, Content>();
  readonly #server: Server;
  /** Signs acknowledgements; undefined without a key. */
  #signer: QiLine['gate'] | undefined;
  #wantsSigned = false;

  private constructor(private readonly clock: Clock) {
    this.#server = createServer((request, response) => {
      void this.#take(request)
        .then(({ status, body, headers }) => response.writeHead(status, headers).end(body))
        .catch(() => response.destroy());
    });
  }

  static async listen(host: string, port: number, clock: Clock): Promise<WebhookReceiver> {
    const receiver = new WebhookReceiver(clock);
    await new Promise<void>((resolve, reject) => {
      receiver.#server.once('error', reject);
      receiver.#server.listen(port, host, resolve);
    });
    return receiver;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  signAcknowledgementsWith(signer: QiLine['gate']): void {
    this.#signer = signer;
  }

  get contents(): readonly DeliveredContent[] {
    return [...this.#contents.values()];
  }

  async waitFor(
    isWanted: (webhook: ReceivedWebhook) => boolean,
    withinMs: number,
  ): Promise<ReceivedWebhook | undefined> {
    const until = this.clock.monotonicMs() + withinMs;
    for (;;) {
      const found = this.webhooks.find(isWanted);
      if (found !== undefined || this.clock.monotonicMs() >= until) return found;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #take(request: IncomingMessage) {
    const rawBody = await readBody(request);
    const delivery = {
      method: request.method ?? '',
      uri: request.url ?? '',
      headers: Object.fromEntries(
        Object.entries(request.headers).map(([name, value]) => [name, [value].flat()[0]]),
      ),
      rawBody,
    };
    const webhook = receivedWebhook(delivery, this.clock.now());
    if (webhook === undefined) return { status: 400, body: '', headers: {} };
    this.webhooks.push(webhook);
    const { document, receivedAt } = webhook;
    return { status: 200, ...(await this.#acknowledge(delivery, canonicalJson(document), receivedAt)) };
  }

  async #acknowledge(delivery: Delivery, text: string, at: Date) {
    const content = this.#contents.get(text) ?? { answers: [], lastAt: at };
    this.#contents.set(text, content);
    content.lastAt = at;
    this.#wantsSigned ||= content.answers.includes('plain');
    const signer = this.#wantsSigned ? this.#signer : undefined;
    content.answers.push(signer === undefined ? 'plain' : 'signed');
    return signer === undefined
      ? { body: '{"status":"received"}', headers: { 'content-type': 'application/json' } }
      : signer.acknowledge(delivery);
  }
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) throw new Error('the webhook is too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
