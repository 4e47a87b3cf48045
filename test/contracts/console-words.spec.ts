import { readFileSync } from 'node:fs';
import { AUCTION_STATUSES } from '../../src/auction/domain/auction-status';
import { BID_STATUSES } from '../../src/auction/domain/bid-status';
import { STATUS_REASONS } from '../../src/auction/domain/status-reasons';
import { ENGINE_REASON_CODES } from '../../src/decision/domain';
import { PARK_REASONS, WEBHOOK_STATUSES } from '../../src/inbox/domain';
import {
  AUCTION_COLOR,
  AUCTION_STATUS,
  BID_STATUS,
  REASON,
  STATUS_REASON,
  WEBHOOK_RESULT,
} from '../../console/src/words/words';

const seed = JSON.parse(readFileSync('config/policies/default.json', 'utf8')) as unknown;
const seedCodes = [...JSON.stringify(seed).matchAll(/"code":"([A-Z_]+)"/g)].map(([, code]) => code);

describe('the words for the closed lists of the server', () => {
  it.each([
    ['statuses of auctions', AUCTION_STATUS, AUCTION_STATUSES],
    ['their colours', AUCTION_COLOR, AUCTION_STATUSES],
    ['statuses of bids', BID_STATUS, BID_STATUSES],
    ['reasons of statuses', STATUS_REASON, [...STATUS_REASONS, ...PARK_REASONS]],
    ['reasons of decisions', REASON, [...ENGINE_REASON_CODES, ...seedCodes]],
  ])('%s: every code has a word, and every word a code', (_, words, codes) => {
    expect(Object.keys(words).sort()).toEqual([...new Set(codes)].sort());
  });

  it('knows what becomes of a webhook', () => {
    expect(Object.keys(WEBHOOK_RESULT)).toEqual(expect.arrayContaining([...WEBHOOK_STATUSES]));
  });
});
