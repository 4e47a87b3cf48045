import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Delivery } from '../inbox';
import { canonicalJson, isJsonObject, parseJson, type Clock, type JsonObject } from '../kernel';
import { rereadWebhook, type QiLine, type SigningScheme } from '../qi';
import type { DeliveredContent } from './domain';

/** One webhook as it came, out of its token if it was in one. */
export interface ReceivedWebhook {
  readonly delivery: Delivery;
  readonly receivedAt: Date;
  readonly scheme: SigningScheme;
  /** As sent, in its wrapper if it has one. */
  readonly received: JsonObject;
  /** Without the wrapper. */
  readonly document: JsonObject;
  readonly type: string | undefined;
}

interface Content {
  readonly answers: ('plain' | 'signed')[];
  lastAt: Date;
}

const MAX_BODY_BYTES = 1_048_576;

/**
 * Takes webhooks in place of the service and watches how QI takes the answers: each is answered plainly at first, and by
 * a signed acknowledgement when it comes again.
 */
export class WebhookReceiver {
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

  /** The first webhook that is wanted; undefined when none comes in time. */
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
    const envelope = rereadWebhook(rawBody);
    const opened = openBody(rawBody);
    if (envelope === undefined || opened === undefined) return { status: 400, body: '', headers: {} };
    const receivedAt = this.clock.now();
    const scheme = schemeOf(delivery, opened.inToken);
    const { document, type } = envelope;
    this.webhooks.push({ delivery, receivedAt, scheme, received: opened.received, document, type });
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

/** The JSON as sent; the older scheme carries it in a token, which is looked into and not yet believed. */
function openBody(rawBody: Buffer): { readonly received: JsonObject; readonly inToken: boolean } | undefined {
  const outer = objectIn(rawBody.toString('utf8'));
  const token = outer?.['encoded_body'];
  if (typeof token !== 'string') return outer && { received: outer, inToken: false };
  const inner = objectIn(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'));
  return inner && { received: inner, inToken: true };
}

function objectIn(text: string): JsonObject | undefined {
  try {
    const value = parseJson(text);
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function schemeOf({ headers }: Delivery, inToken: boolean): SigningScheme {
  if (inToken) return 'encoded-body-v1';
  return headers['authorization'] === undefined ? 'none' : 'jwt-v2';
}
