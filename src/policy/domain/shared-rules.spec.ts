import { A_RULE, DECIDED_ON, GOOD_BORROWER, policyJson, soundPolicy } from '../../../test/support/policies';
import { compilePolicy, evaluateRules, SharedRules, type ExternalLists, type Facts } from './index';

const blockedBy = (list: string) => ({
  id: 'bloqueio',
  code: 'BLOCKED',
  sentence: 'Bloqueado.',
  require: { field: 'borrower_cpf', op: 'not_in', value: { list } },
});
const BLOCKED = { name: 'bloqueados', label: 'Bloqueados', of: 'borrower_cpf' };
const listOf = (sha256: string, has: (value: string) => boolean): ExternalLists =>
  new Map([['bloqueados', { sha256, has }]]);

describe('rules of two policies held against each other', () => {
  const rules = new SharedRules();
  const older = { ...A_RULE, require: { ...A_RULE.require, value: 60 } };
  const other = {
    ...A_RULE,
    id: 'margem',
    code: 'MARGIN',
    require: { field: 'margin', op: 'gt', value: '1' },
  };
  const [a, b] = [
    [A_RULE, other],
    [older, other],
  ].map((of) => compilePolicy(soundPolicy(policyJson({ rules: of })), new Map(), rules));
  const verdicts = (compiled: typeof a, facts: Facts) => {
    if (compiled === undefined) throw new Error('no policy');
    return new Map(evaluateRules(compiled, 'request', facts, DECIDED_ON).map((one) => [one.ruleId, one]));
  };

  it('are evaluated once where both have them', () => {
    const [first, second] = [verdicts(a, GOOD_BORROWER), verdicts(b, GOOD_BORROWER)];
    expect(first.get('margem')).toBe(second.get('margem'));
    expect(first.get('idade')).toMatchObject({ result: 'pass' });
    expect(second.get('idade')).toMatchObject({ result: 'decline' });
  });

  it('say of each request what they say alone', () => {
    for (const age of [17, 18, undefined, 60]) {
      const facts = { ...GOOD_BORROWER, borrower_age: age };
      const alone = compilePolicy(soundPolicy(policyJson({ rules: [A_RULE, other] })));
      expect([...verdicts(a, facts).values()]).toEqual(evaluateRules(alone, 'request', facts, DECIDED_ON));
    }
  });

  it('are not the same on other lists', () => {
    const shared = new SharedRules();
    const policy = soundPolicy(policyJson({ lists: [BLOCKED], rules: [blockedBy('bloqueados')] }));
    const results = [listOf('a'.repeat(64), () => true), listOf('b'.repeat(64), () => false)].map(
      (lists) => verdicts(compilePolicy(policy, lists, shared), GOOD_BORROWER).get('bloqueio')?.result,
    );
    expect(results).toEqual(['decline', 'pass']);
  });
});
