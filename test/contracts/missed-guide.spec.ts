import { readFileSync } from 'node:fs';

const guide = readFileSync('docs/runbooks/auctions-missed.md', 'utf8');
const source = readFileSync('src/auction/domain/status-reasons.ts', 'utf8');
const [, missed = ''] = /\/\/ missed\n([^/]+)/.exec(source) ?? [];
const [, earlier = ''] = /\/\/ of earlier releases, on disk\n([^\]]+)/.exec(source) ?? [];
const reasonsIn = (text: string) => [...text.matchAll(/'(\w+)'/g)].map(([, reason]) => `\`${reason ?? ''}\``);

it('the guide to missed auctions knows each reason of today, and none of earlier releases', () => {
  expect(reasonsIn(missed)).toContain('`kill_switch`');
  expect(reasonsIn(missed).filter((reason) => !guide.includes(reason))).toEqual([]);
  expect(reasonsIn(earlier).filter((reason) => guide.includes(reason))).toEqual([]);
});
