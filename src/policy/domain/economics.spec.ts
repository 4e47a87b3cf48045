import { calendarDate, Decimal, finished, parseJson } from '../../kernel';
import {
  compiledPolicy,
  DECIDED_ON,
  GOOD_BORROWER,
  policyJson,
  A_PRICE_TABLE,
} from '../../../test/support/policies';
import { structuralChanges } from './change-level';
import { checkPolicy } from './check-policy';
import { diffPolicies } from './diff-policies';
import { canonicalPolicy, parsePolicy } from './policy';
import { importSheet, sheetOf } from './table-sheet';
import { loadReferenceData } from '../reference-data';

const LOSSES = {
  id: 'perdas',
  kind: 'loss',
  label: 'Perdas',
  columns: ['tenure_months', 'offered_installments'],
  rows: [
    {
      id: 'novos',
      when: { tenure_months: { below: 12 }, offered_installments: 'any' },
      then: { expected_loss_rate: '0.08', prepayment_monthly_rate: '0.010' },
    },
    {
      id: 'antigos',
      when: { tenure_months: { from: 12 }, offered_installments: { from: 6, below: 25 } },
      then: { expected_loss_rate: '0.03', prepayment_monthly_rate: '0' },
    },
  ],
  no_match: { code: 'NO_LOSS_SEGMENT', sentence: 'Sem segmento.' },
};
const ENTRY = {
  from: '2026-01-01',
  funding_monthly_rate: '0.0115',
  operating_cost: '35.00',
  fees: [{ fee_type: 'qi', amount_type: 'percentage', amount: '0.5' }],
  rebates_kept: '1',
  paid_out_share: '0.8',
  losses: 'perdas',
};
const LATER = { ...ENTRY, from: '2026-08-18', funding_monthly_rate: '0.0120' };
const withEconomics = (inputs: readonly object[] = [ENTRY, LATER], losses: object = LOSSES) =>
  policyJson({ tables: [A_PRICE_TABLE, losses], economics: { inputs } });
const economics = (json = withEconomics()) => {
  const compiled = compiledPolicy(json).economics;
  if (compiled === undefined) throw new Error('no economics');
  return compiled;
};
const problems = (json: unknown) => {
  const parsed = parsePolicy(json);
  return parsed.kind === 'ok' ? [] : parsed.problems.map(({ path }) => path);
};
const OFFERED = { ...GOOD_BORROWER, offered_installments: 24 };

it('a policy without the section is what it was, byte for byte', () => {
  const compiled = compiledPolicy(policyJson());
  expect(compiled.economics).toBeUndefined();
  expect(canonicalPolicy(compiled.policy)).not.toContain('economics');
  expect(compiled.hash).toBe('eb76f5261f4dfd409fa8fdf9697b825633f95bccbf39c0271cda592ea1d76cfb');
});

it.each([
  ['2025-12-31', 'not_in_force'],
  ['2026-01-01', '2026-01-01'],
  ['2026-08-17', '2026-01-01'],
  ['2026-08-18', '2026-08-18'],
])('on %s the entry in force is %s', (day, expected) => {
  const found = economics().find(OFFERED, calendarDate(day));
  expect(found.kind === 'found' ? found.place.from : found.kind).toBe(expected);
});

it('finds the segment by facts of the request and of the offer, and its inputs by its place', () => {
  const found = economics().find(OFFERED, DECIDED_ON);
  expect(found).toEqual({ kind: 'found', place: { from: '2026-08-18', row: 'antigos' } });
  expect(found.kind === 'found' && economics().at(found.place)).toMatchObject({
    fundingMonthlyRate: new Decimal('0.012'),
    operatingCost: new Decimal(35),
    paidOutShare: new Decimal('0.8'),
    expectedLossRate: new Decimal('0.03'),
    fees: [{ feeType: 'qi', amountType: 'percentage', amount: new Decimal('0.5') }],
  });
  expect(economics().at({ from: DECIDED_ON, row: 'ninguem' })).toBeUndefined();
});

it('assumes nothing of a segment that no row is for, nor where a fact is missing', () => {
  const longer = economics().find({ ...OFFERED, offered_installments: 36 }, DECIDED_ON);
  expect(longer).toMatchObject({ kind: 'no_segment', reasons: [{ code: 'NO_LOSS_SEGMENT' }] });
  const unknown = economics().find({ ...OFFERED, tenure_months: undefined }, DECIDED_ON);
  expect(unknown).toMatchObject({ kind: 'no_segment', reasons: [{ code: 'DATA_MISSING:tenure_months' }] });
});

it.each([
  ['economics.inputs[0].funding_monthly_rate', withEconomics([{ ...ENTRY, funding_monthly_rate: '1.15' }])],
  ['economics.inputs[0].paid_out_share', withEconomics([{ ...ENTRY, paid_out_share: undefined }])],
  ['economics.inputs[0].losses', withEconomics([{ ...ENTRY, losses: 'precos' }])],
  ['economics.inputs[1].from', withEconomics([LATER, ENTRY])],
  ['economics.inputs', withEconomics([])],
  ['tables[1]', policyJson({ tables: [A_PRICE_TABLE, LOSSES] })],
  [
    'tables[1].rows[0].then.expected_loss_rate',
    withEconomics([ENTRY], {
      ...LOSSES,
      rows: [{ ...LOSSES.rows[0], then: { prepayment_monthly_rate: '0' } }],
    }),
  ],
])('names %s when it is wrong', (path, json) => {
  expect(problems(json)).toContain(path);
});

it('warns where bids of today have no entry yet', () => {
  const { policy } = compiledPolicy(withEconomics([{ ...ENTRY, from: '2026-12-01' }]));
  const found = finished(checkPolicy(policy, loadReferenceData('config'), DECIDED_ON));
  expect(found.filter(({ path }) => path === 'economics.inputs')).toHaveLength(1);
});

it('tells a change by the day of its entry; rows of losses are values, costs are not', () => {
  const [before, after] = [
    withEconomics(),
    withEconomics([ENTRY, { ...LATER, operating_cost: '40.00' }], {
      ...LOSSES,
      rows: [
        { ...LOSSES.rows[0], then: { expected_loss_rate: '0.09', prepayment_monthly_rate: '0.01' } },
        LOSSES.rows[1],
      ],
    }),
  ].map((json) => compiledPolicy(json).policy) as [
    ReturnType<typeof compiledPolicy>['policy'],
    ReturnType<typeof compiledPolicy>['policy'],
  ];
  const changes = diffPolicies(before, after);
  expect(changes.map(({ path }) => path)).toEqual([
    'economics.inputs[2026-08-18].operating_cost',
    'tables[perdas].rows[novos].then.expected_loss_rate',
  ]);
  expect(structuralChanges(changes).map(({ path }) => path)).toEqual([
    'economics.inputs[2026-08-18].operating_cost',
  ]);
});

it('goes to a spreadsheet and back', () => {
  const json = withEconomics();
  const { policy } = compiledPolicy(json);
  const table = policy.tables[1];
  if (table === undefined) throw new Error('no table');
  const sheet = sheetOf(table);
  expect(sheet[0]).toEqual([
    'linha',
    'tenure_months',
    'offered_installments',
    'expected_loss_rate',
    'prepayment_monthly_rate',
  ]);
  const back = finished(
    importSheet(parseJson(canonicalPolicy(policy)), { product: 'private_payroll', table: 'perdas' }, sheet),
  );
  expect(back.kind === 'ok' && canonicalPolicy(back.policy)).toBe(canonicalPolicy(policy));
});
