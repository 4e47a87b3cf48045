import { irregularRows } from '../../test/support/irregular-rows';
import { longestTurn } from '../../test/support/loop-beats';
import { A_PRICE_TABLE, DECIDED_ON, policyJson } from '../../test/support/policies';
import { canonicalPolicy, compilePolicy, parseStored } from './domain';
import { PolicyExaminer } from './policy-examination.service';
import type { PolicyLibrary } from './policy-library.service';

/** A draft is looked at with every word that is typed, on the thread that bids: a lease dies within 1.5 s. */
it.each([
  ['a few rows', irregularRows(60, 3, 900)],
  ['many rows', irregularRows(1_200, 2, 250)],
])(
  'gives auctions their turns while it looks at prices that overlap anyhow: %s',
  async (_, { columns, rows }) => {
    const then = { monthly_interest_rate: '0.03' };
    const table = { ...A_PRICE_TABLE, hit: 'first', columns, rows: rows.map((row) => ({ ...row, then })) };
    const parsed = parseStored(policyJson({ tables: [table] }));
    if (parsed.kind !== 'ok') throw new Error(JSON.stringify(parsed.problems));
    const compiled = compilePolicy(parsed.policy, new Map());
    const stored = { number: 1, hash: compiled.hash, document: canonicalPolicy(parsed.policy), lists: {} };
    const library = { compile: () => Promise.resolve(compiled) } as unknown as PolicyLibrary;
    const clock = { now: () => new Date(`${DECIDED_ON}T12:00:00Z`), monotonicMs: () => 0 };
    const examiner = new PolicyExaminer(
      library,
      clock,
      () => [],
      function* () {
        yield;
        return { costs: [], findings: [] };
      },
    );
    const held = await longestTurn(async () => {
      const { findings } = await examiner.examineStored(stored);
      expect(findings.length).toBeGreaterThan(0);
    }, 3);
    expect(held).toBeLessThan(250);
  },
);
