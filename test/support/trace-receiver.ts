import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

interface Span {
  readonly traceId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly startTimeUnixNano: string;
  readonly attributes: readonly { readonly key: string; readonly value: Readonly<Record<string, unknown>> }[];
  readonly status: { readonly code: number };
}

/** A span as tests look at it. */
export interface SeenSpan {
  readonly name: string;
  readonly isFailed: boolean;
  /** Numbers as text, as they travel. */
  readonly attributes: Readonly<Record<string, string>>;
}

/** A collector of traces: takes OTLP over HTTP, as JSON. */
export class TraceReceiver {
  /** Everything that was sent. */
  text = '';
  /** What it answers. */
  status = 200;
  readonly #spans: Span[] = [];
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((request, response) => {
      void this.#take(request, response);
    });
  }

  static async start(): Promise<TraceReceiver> {
    const receiver = new TraceReceiver();
    await new Promise<void>((resolve) => receiver.#server.listen(0, '127.0.0.1', resolve));
    return receiver;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/v1/traces`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** The root that has these attributes, and its children by their beginning; undefined while it has not come whole. */
  traceOf(wanted: Readonly<Record<string, string>>): readonly SeenSpan[] | undefined {
    const root = this.#spans.find(
      (span) =>
        isRoot(span) && Object.entries(wanted).every(([key, value]) => seen(span).attributes[key] === value),
    );
    if (root === undefined) return undefined;
    const children = this.#spans
      .filter((span) => span.traceId === root.traceId && !isRoot(span))
      .toSorted((a, b) => Number(BigInt(a.startTimeUnixNano) - BigInt(b.startTimeUnixNano)));
    return [root, ...children].map(seen);
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString('utf8');
    if (this.status === 200) {
      this.text += text;
      const { resourceSpans } = JSON.parse(text) as {
        resourceSpans: { scopeSpans: { spans: Span[] }[] }[];
      };
      this.#spans.push(
        ...resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans)),
      );
    }
    response.writeHead(this.status, { 'content-type': 'application/json' }).end('{}');
  }
}

const isRoot = ({ parentSpanId }: Span): boolean => parentSpanId === undefined || parentSpanId === '';

function seen({ name, attributes, status }: Span): SeenSpan {
  return {
    name,
    isFailed: status.code === 2,
    attributes: Object.fromEntries(
      attributes.map(({ key, value }) => [key, String(Object.values(value)[0])]),
    ),
  };
}
