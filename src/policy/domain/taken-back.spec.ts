import { A_PRICE_TABLE, A_RULE, policyJson, soundPolicy } from '../../../test/support/policies';
import { finished } from '../../kernel';
import { takenBackInSteps } from './taken-back';

const BLOCK = { ...A_RULE, id: 'bloqueio', code: 'BLOCKED' };
const [first, second] = A_PRICE_TABLE.rows;
const priced = (rate: string) => [
  { ...A_PRICE_TABLE, rows: [first, { ...second, then: { ...second?.then, monthly_interest_rate: rate } }] },
];
const RATE = 'tables[precos].rows[antigos].then.monthly_interest_rate';

const paths = (inForce: object, candidate: object) =>
  finished(
    takenBackInSteps(
      soundPolicy(policyJson()),
      soundPolicy(policyJson({ ...inForce })),
      soundPolicy(policyJson({ ...candidate })),
    ),
  ).map(({ path, kind }) => `${kind} ${path}`);

describe('what a version takes back of what was put in force since it was copied', () => {
  it.each([
    ['a rule it does not know', { rules: [A_RULE, BLOCK] }, { name: 'Outra' }, ['removed rules[bloqueio]']],
    ['a rate both have changed', { tables: priced('0.03') }, { tables: priced('0.02') }, [`changed ${RATE}`]],
    [
      'a rate in a row it has not any more',
      { tables: priced('0.03') },
      { tables: [{ ...A_PRICE_TABLE, rows: [first] }] },
      ['removed tables[precos].rows[antigos]'],
    ],
    [
      'nothing that it has as well',
      { rules: [A_RULE, BLOCK] },
      { rules: [A_RULE, BLOCK], name: 'Outra' },
      [],
    ],
    ['nothing where only it changed', {}, { tables: priced('0.02') }, []],
  ])('is %s', (_, inForce, candidate, expected) => {
    expect(paths(inForce, candidate)).toEqual(expected);
  });
});
