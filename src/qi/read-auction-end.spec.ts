import type { AuctionEnd } from '../auction';
import { isJsonObject, parseJson } from '../kernel';
import { readAuctionEnd, type AuctionEndReading } from './read-auction-end';

function read(text: string): AuctionEndReading {
  const document = parseJson(text);
  if (!isJsonObject(document)) throw new TypeError('not an object');
  return readAuctionEnd(document);
}

const end = (data: string, status = '"won"') => read(`{"key":"p-1","status":${status},"data":${data}}`);

test.each<[name: string, reading: AuctionEndReading, outcome: AuctionEnd['outcome']]>([
  ['won with a key', end('{"status":"won","credit_operation_key":"o-1"}'), 'won'],
  ['won in capitals', end('{"status":"WON","credit_operation_key":"o-1"}', '"Won"'), 'won'],
  ['won, said once', end('{"credit_operation_key":"o-1"}'), 'won'],
  ['lost with a null key', end('{"status":"lost","credit_operation_key":null}', '"lost"'), 'lost'],
  [
    'a word we do not know with a null key',
    end('{"status":"outbid","credit_operation_key":null}', '"outbid"'),
    'lost',
  ],
  ['no word and a null key', end('{"credit_operation_key":null}', 'null'), 'lost'],
  ['won with a null key', end('{"status":"won","credit_operation_key":null}'), 'lost'],
  ['won with the key "None"', end('{"status":"won","credit_operation_key":"None"}'), 'lost'],
  ['lost without mention of a key', end('{"status":"lost"}', '"lost"'), 'lost'],
  ['won without mention of a key', end('{"status":"won"}'), 'unclear'],
  ['won without data', read('{"key":"p-1","status":"won"}'), 'unclear'],
  ['lost with a key', end('{"status":"lost","credit_operation_key":"o-1"}', '"lost"'), 'unclear'],
  ['won and lost with a key', end('{"status":"lost","credit_operation_key":"o-1"}'), 'unclear'],
  ['no word and a key', end('{"credit_operation_key":"o-1"}', 'null'), 'unclear'],
  ['won with a key that is no text', end('{"status":"won","credit_operation_key":{}}'), 'unclear'],
])('%s', (_, reading, outcome) => {
  expect(reading).toMatchObject({ kind: 'read', end: { auctionProposalKey: 'p-1', outcome } });
});

test('rank and signature link may be missing, and the rank must be one', () => {
  expect(end('{"credit_operation_key":null,"rank_position":null}')).toMatchObject({
    end: { rankPosition: undefined },
  });
  expect(end('{"credit_operation_key":null,"rank_position":"2"}')).toMatchObject({
    end: { rankPosition: 2 },
  });
  expect(end('{"credit_operation_key":null,"rank_position":1.5}')).toMatchObject({
    end: { rankPosition: undefined },
  });
});

test.each([
  ['null', '{"key":null,"status":"lost","data":{"auction_proposal_key":null,"credit_operation_key":null,'],
  ['left out', '{"status":"lost","data":{'],
])('a loss told to whoever has no proposal, the keys %s, names its request', (_, start) => {
  expect(read(`${start}"status":"lost","issuer_proposal_request_key":"r-1"}}`)).toEqual({
    kind: 'read',
    end: {
      auctionProposalKey: undefined,
      issuerProposalRequestKey: 'r-1',
      outcome: 'lost',
      status: 'lost',
      rankPosition: undefined,
      creditOperationKey: undefined,
    },
  });
});

test.each([
  ['{"key":null,"status":"lost","data":{"status":"lost","credit_operation_key":null}}', 'key_missing'],
  [
    '{"status":"won","data":{"issuer_proposal_request_key":"r-1","credit_operation_key":"o-1"}}',
    'key_missing',
  ],
  ['{"status":"won","data":{"status":"won","issuer_proposal_request_key":"r-1"}}', 'key_missing'],
  ['{"status":"won","data":{"credit_operation_key":"o-1"}}', 'key_missing'],
  ['{"key":"a","data":{"auction_proposal_key":"b"}}', 'keys_disagree'],
])('%s', (text, code) => {
  expect(read(text)).toEqual({ kind: 'unreadable', code });
});
