import { createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ReceivedNotification {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  readonly event: {
    readonly id: string;
    readonly type: string;
    readonly subject: string;
    readonly data: Record<string, unknown>;
  };
}

/** Somebody else's server, told of what happens: it checks signatures by its own reading of the specification. */
export class NotificationReceiver {
  readonly received: ReceivedNotification[] = [];
  /** The status to answer with; undefined never answers. */
  answer: (notification: ReceivedNotification) => number | undefined = () => 204;

  private constructor(private readonly server: Server) {}

  static async start(): Promise<NotificationReceiver> {
    const server = createServer();
    const receiver = new NotificationReceiver(server);
    server.on('request', (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        const event = JSON.parse(text) as ReceivedNotification['event'];
        const notification = { path: request.url ?? '', headers: request.headers, text, event };
        receiver.received.push(notification);
        const status = receiver.answer(notification);
        if (status !== undefined) response.writeHead(status, { location: '/elsewhere' }).end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return receiver;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** What came to this path. */
  at(path: string): ReceivedNotification[] {
    return this.received.filter((one) => one.path === path);
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

/** Whether one of the message's signatures was made with this secret. */
export function isSignedWith(
  secret: string,
  { headers, text }: Pick<ReceivedNotification, 'headers' | 'text'>,
): boolean {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const content = `${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${text}`;
  const expected = createHmac('sha256', key).update(content).digest('base64');
  return String(headers['webhook-signature']).split(' ').includes(`v1,${expected}`);
}
