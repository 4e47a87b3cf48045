import { fairness, type JudgedRequest } from './fairness';

const some = (count: number, group: string | undefined, rateBp: number, price = 'row'): JudgedRequest[] =>
  Array.from({ length: count }, () => ({ group, isDeclined: false, bid: { rateBp, price } }));
const declined = (count: number, group: string): JudgedRequest[] =>
  Array.from({ length: count }, () => ({ group, isDeclined: true, bid: undefined }));

it('compares refusals, and rates with those of the same row: what is dearer for another reason is explained', () => {
  const { groups, suppressed } = fairness([
    ...some(30, '25', 250, 'small'),
    ...some(30, '35', 200, 'large'),
    ...some(30, '35', 250, 'small'),
    ...declined(20, '35'),
  ]);
  expect(suppressed).toBe(0);
  expect(groups).toMatchObject([
    { group: '25', decisions: 30, declined: { share: 0 }, meanRateBp: 250, unexplainedBp: { mean: 0 } },
    { group: '35', decisions: 80, declined: { share: 0.25 }, meanRateBp: 225, unexplainedBp: { mean: 0 } },
  ]);
});

it('finds what the row does not explain, with its interval', () => {
  const { groups } = fairness([...some(50, '25', 260), ...some(50, '35', 240)]);
  expect(groups.map(({ unexplainedBp }) => unexplainedBp)).toEqual([
    { mean: 10, low: 10, high: 10 },
    { mean: -10, low: -10, high: -10 },
  ]);
});

it('shows nothing of a handful, and no mean of a handful of bids', () => {
  const { groups, suppressed } = fairness([
    ...some(19, '65', 300),
    ...declined(20, '25'),
    ...some(5, '25', 240),
    ...some(20, undefined, 240),
  ]);
  expect(suppressed).toBe(1);
  expect(groups).toMatchObject([
    { group: '25', decisions: 25, bids: 5, meanRateBp: undefined, unexplainedBp: undefined },
    { group: undefined, decisions: 20, bids: 20, meanRateBp: 240 },
  ]);
});
