import { readFileSync } from 'node:fs';
import { parseJson, type JsonObject } from '../../kernel';
import { PRINTED_MEMBERS, variantsOf } from './webhook-variants';

const printed = (file: string) =>
  parseJson(
    readFileSync(`test/contracts/qi/payloads/private-payroll-auction/${file}.json`, 'utf8'),
  ) as JsonObject;

describe('variants of a webhook', () => {
  it.each([
    ['01-webhook-new-issuer-proposal-request', PRINTED_MEMBERS.proposalRequest],
    ['06-webhook-end-of-auction-won', PRINTED_MEMBERS.auctionEnd],
  ] as const)('%s is as printed', (file, members) => {
    const webhook = printed(file);
    expect(variantsOf(webhook, members)).toEqual([]);
    expect(variantsOf({ webhook }, members)).toEqual(['wrapped']);
  });

  it('names what is more and what is less, and looks at no value', () => {
    const { event_datetime: at, ...rest } = printed('06-webhook-end-of-auction-won');
    const data = { ...(rest['data'] as JsonObject), guarantee: { kind: 'fgts' }, rank_position: null };
    expect(variantsOf({ ...rest, event_time: at ?? null, data }, PRINTED_MEMBERS.auctionEnd)).toEqual([
      '+data.guarantee.kind',
      '+event_time',
      '-event_datetime',
    ]);
  });
});
