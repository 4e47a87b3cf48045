import { Controller, Inject, Post, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Public } from '../platform';
import { InboxService } from './inbox.service';
import { WEBHOOK_GATE, type Delivery, type WebhookGate } from './ports';

/** The path QI pushes to; outside the API's prefix, raw bytes in, authenticated by QI's signature alone. */
export const WEBHOOK_PATH = '/webhooks/qi';

@ApiExcludeController()
@Public()
@Controller()
export class WebhookController {
  constructor(
    private readonly inbox: InboxService,
    @Inject(WEBHOOK_GATE) private readonly gate: WebhookGate,
  ) {}

  @Post(WEBHOOK_PATH)
  async receive(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const delivery: Delivery = {
      method: 'POST',
      uri: request.url,
      headers: Object.fromEntries(
        Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
      ),
      rawBody: Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0),
    };
    const receipt = await this.inbox.receive(delivery);
    if (receipt.kind === 'durable') {
      const { body, headers } = await this.gate.acknowledge(delivery);
      await reply.status(200).headers(headers).send(body);
      return;
    }
    const status = { refused: 401, not_json: 400, not_durable: 503 }[receipt.kind];
    if (status === 503) void reply.header('retry-after', '5');
    await reply
      .status(status)
      .header('content-type', 'application/problem+json')
      .send(JSON.stringify({ type: `urn:arremate:problem:${receipt.kind}`, status, title: receipt.why }));
  }
}
