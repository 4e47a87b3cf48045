import { readFileSync } from 'node:fs';
import { AUCTION_PARK_REASONS } from '../../src/auction/domain/status-reasons';
import { PARK_REASONS } from '../../src/inbox/domain';
import { TASK_KINDS } from '../../src/operation/domain';

const page = (name: string): string => readFileSync(`docs/${name}.md`, 'utf8');

/** The quoted words that a source has between two of its own words. */
function wordsBetween(file: string, start: string, end: string): readonly string[] {
  const [, after = ''] = readFileSync(file, 'utf8').split(start);
  return [...(after.split(end)[0] ?? '').matchAll(/'(\w+)'/g)].map(([, word]) => word ?? '');
}

const STATUS_REASONS = 'src/auction/domain/status-reasons.ts';

/** What people look up by its code, and the page in which they do. */
const LOOKED_UP: readonly (readonly [what: string, codes: readonly string[], guide: string])[] = [
  ['why a webhook is parked', PARK_REASONS, 'runbooks/webhooks'],
  ['what waits for people', TASK_KINDS, 'runbooks/tasks-due'],
  ['what waits for people', TASK_KINDS, 'operations'],
  ['why an auction is parked', AUCTION_PARK_REASONS, 'runbooks/tasks-due'],
  ['why a bid is unknown', wordsBetween(STATUS_REASONS, '// unknown, unproven\n', '//'), 'runbooks/bids-unknown'],
  [
    'how a reconciliation ended',
    wordsBetween('src/reconciliation/reconciliation.controller.ts', 'const RESULTS = [', ']').filter(
      (result) => result !== 'done',
    ),
    'runbooks/missing-webhooks',
  ],
];

it.each(LOOKED_UP)('the guide knows %s', (_, codes, guide) => {
  expect(codes.length).toBeGreaterThan(3);
  const text = page(guide);
  expect(codes.filter((code) => !text.includes(`\`${code}\``))).toEqual([]);
});
