import { Agent, createServer, request, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { randomUUID } from 'node:crypto';
import { isJsonObject, parseJson } from '../../src/kernel';

export interface BareBidder {
  readonly url: string;
  /** Milliseconds from the webhook's last byte to QI's 200, one for each proposal. */
  readonly latenciesMs: number[];
  close(): Promise<void>;
}

/**
 * The least that can answer an auction: read the webhook, post a fixed proposal. No signature, no disk, no decision.
 * What the service takes beyond this is the price of deciding well and losing nothing.
 */
export async function startBareBidder(qiUrl: string): Promise<BareBidder> {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  const latenciesMs: number[] = [];
  const server = createServer((incoming, response) => {
    void bodyOf(incoming).then((text) => {
      const receivedAt = performance.now();
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
      const webhook = parseJson(text);
      if (!isJsonObject(webhook) || !isJsonObject(webhook['data'])) return;
      const key = webhook['data']['issuer_proposal_request_key'];
      const asked = webhook['data']['issuer_proposal_request_data'];
      if (typeof key !== 'string' || !isJsonObject(asked)) return;
      const proposal = JSON.stringify({
        request_control_key: randomUUID(),
        disbursed_issue_amount: 500,
        monthly_interest_rate: 0.02,
        number_of_installments: 24,
        purchaser_document_number: '11222333000181',
      });
      const outgoing = request(
        `${qiUrl}/private_payroll_auction/issuer_proposal_request/${key}/auction_proposal`,
        { method: 'POST', agent, headers: { 'content-type': 'application/json' } },
        (answer) => {
          answer.resume();
          answer.once('end', () => {
            if (answer.statusCode === 200) latenciesMs.push(performance.now() - receivedAt);
          });
        },
      );
      outgoing.end(proposal);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhooks/qi`,
    latenciesMs,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      agent.destroy();
    },
  };
}

async function bodyOf(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
