import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { InboxService } from './inbox.service';
import { WEBHOOK_GATE, type Delivery, type WebhookGate } from './ports';

/** The path QI pushes to; outside the API's prefix, raw bytes in, authenticated by QI's signature alone. */
export const WEBHOOK_PATH = '/webhooks/qi';

const STATUS = { refused: 401, not_json: 400, not_durable: 503 } as const;

/**
 * Opens the door for QI's webhooks. It is a route of the HTTP server itself: nothing of what stands around the API's
 * routes (guards, pipes, interceptors) has anything to say here, and in a rush every one of them would be asked.
 */
export function openWebhookDoor(app: NestFastifyApplication): void {
  const inbox = app.get(InboxService);
  const gate = app.get<WebhookGate>(WEBHOOK_GATE);
  app
    .getHttpAdapter()
    .getInstance()
    .post(WEBHOOK_PATH, { onRequest: takeAsBytes }, (request, reply) => receive(inbox, gate, request, reply));
}

/** What a delivery says of its own form decides nothing, and may be nonsense: its bytes do, and its signature. */
function takeAsBytes(request: FastifyRequest, _reply: FastifyReply, done: () => void): void {
  request.raw.headers['content-type'] = 'application/octet-stream';
  done();
}

async function receive(
  inbox: InboxService,
  gate: WebhookGate,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const delivery = deliveryOf(request);
  const receipt = await inbox.receive(delivery);
  if (receipt.kind === 'durable') {
    const { body, headers } = await gate.acknowledge(delivery);
    return reply.status(200).headers(headers).send(body);
  }
  const status = STATUS[receipt.kind];
  if (status === 503) void reply.header('retry-after', '5');
  return reply
    .status(status)
    .header('content-type', 'application/problem+json')
    .send(JSON.stringify({ type: `urn:arremate:problem:${receipt.kind}`, status, title: receipt.why }));
}

function deliveryOf(request: FastifyRequest): Delivery {
  return {
    method: 'POST',
    uri: signedUri(request.url),
    headers: Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
    ),
    rawBody: Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0),
  };
}

/** The path as it was signed, whatever somebody on the way has made of its letters; the query as it came. */
function signedUri(url: string): string {
  const at = url.indexOf('?');
  return at === -1 ? WEBHOOK_PATH : `${WEBHOOK_PATH}${url.slice(at)}`;
}
