import fc from 'fast-check';
import { EventStreamReader } from './event-stream';

const TEXT =
  'retry: 1000\nevent: auctions\ndata: [1,2]\n\nevent: overview\ndata: {"a":"é"}\n\n: a comment\n\ndata: x\ndata: y\n\n';
const EVENTS = [
  { event: 'auctions', data: '[1,2]' },
  { event: 'overview', data: '{"a":"é"}' },
  { event: 'message', data: 'x\ny' },
];

describe('EventStreamReader', () => {
  it('finds the same events wherever the text is cut', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: TEXT.length }), { maxLength: 12 }), (cuts) => {
        const edges = [0, ...cuts.sort((a, b) => a - b), TEXT.length];
        const reader = new EventStreamReader();
        const found = edges.slice(1).flatMap((edge, i) => [...reader.read(TEXT.slice(edges[i], edge))]);
        expect(found).toEqual(EVENTS);
      }),
    );
  });

  it('keeps an event back until it is whole', () => {
    const reader = new EventStreamReader();
    expect([...reader.read('event: a\ndata: 1\n')]).toEqual([]);
    expect([...reader.read('\n')]).toEqual([{ event: 'a', data: '1' }]);
  });
});
