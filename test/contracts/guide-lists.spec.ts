import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { AUCTION_PARK_REASONS } from '../../src/auction/domain/status-reasons';
import { PARK_REASONS } from '../../src/inbox/domain';
import { TASK_KINDS } from '../../src/operation/domain';

interface Rules {
  readonly groups: readonly {
    readonly rules: readonly {
      readonly alert: string;
      readonly expr: string;
      readonly annotations: { readonly runbook: string };
    }[];
  }[];
}

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

it('whoever is woken by Prometheus finds the alert on its page, by its own name or by that of what it watches', () => {
  const { groups } = parse(readFileSync('config/observability/alerts.yaml', 'utf8')) as Rules;
  const rules = groups.flatMap((group) => group.rules);
  expect(rules.length).toBeGreaterThan(40);
  const unnamed = rules.filter(({ alert, expr, annotations: { runbook } }) => {
    const text = readFileSync(runbook, 'utf8');
    const kinds = [...expr.matchAll(/kind="(\w+)"/g)].map(([, kind]) => kind ?? '');
    return ![alert, ...kinds].some((name) => text.includes(`\`${name}\``));
  });
  expect(unnamed.map(({ alert }) => alert)).toEqual([]);
});
