/** The other side of the wire benchmark, in a process of its own: reads each POST whole and accepts it after a while. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const ANSWER = JSON.stringify({
  auction_proposal_key: '814e7ed3-4080-4cae-a853-8e12812817ea',
  proposal_data: { simulation: { issue_amount: 1015.46, disbursed_issue_amount: 1000, monthly_cet: 0.0049 } },
});

const afterMs = Number(process.argv[2] ?? 0);
const server = createServer((request, response) => {
  request.resume().once('end', () => {
    setTimeout(() => response.writeHead(200, { 'content-type': 'application/json' }).end(ANSWER), afterMs);
  });
});
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
