import { finished } from '../../kernel';
import { readOutcomeList, readOutcomeSheet, type OutcomesRead } from './outcome';

const HEAD = ['operacao', 'parcela', 'vencimento', 'situacao', 'pago_em', 'valor_pago', 'perda'];
const readSheet = (...sheet: readonly (readonly string[])[]): OutcomesRead =>
  finished(readOutcomeSheet(sheet));
const places = (lines: readonly (readonly string[])[]) =>
  readSheet(HEAD, ...lines).problems.map(({ path }) => path);

it('reads what people and programs write', () => {
  const sheet = readSheet(
    HEAD,
    ['op-1', '1', '15/10/2026', 'Paga', '15/10/2026', '1.234,56', ''],
    [],
    ['op-1', '2', '2026-11-15', 'em aberto', '', '', ''],
    ['op-2', '1', '15/10/2026', 'baixada', '', '', '800,00'],
  );
  expect(sheet.problems).toEqual([]);
  expect(sheet.places.map((place) => place('credit_operation_key'))).toEqual(['A2', 'A4', 'A5']);
  expect(sheet.outcomes).toMatchObject([
    { installment: 1, due_on: '2026-10-15', status: 'paid', paid_amount: '1234.56', loss_amount: null },
    { installment: 2, due_on: '2026-11-15', status: 'unpaid', paid_on: null },
    { credit_operation_key: 'op-2', status: 'written_off', loss_amount: '800' },
  ]);
});

it.each<[string, readonly string[]]>([
  ['A2', ['', '1', '15/10/2026', 'em aberto', '', '', '']],
  ['B2', ['op', '0', '15/10/2026', 'em aberto', '', '', '']],
  ['C2', ['op', '1', '31/02/2026', 'em aberto', '', '', '']],
  ['D2', ['op', '1', '15/10/2026', 'sumiu', '', '', '']],
  ['E2', ['op', '1', '15/10/2026', 'paga', '', '', '']],
  ['E2', ['op', '1', '15/10/2026', 'em aberto', '15/10/2026', '', '']],
  ['F2', ['op', '1', '15/10/2026', 'em aberto', '', '1,234', '']],
  ['F2', ['op', '1', '15/10/2026', 'paga', '15/10/2026', '1.500', '']],
  ['F2', ['op', '1', '15/10/2026', 'paga', '15/10/2026', '1,500', '']],
  ['F2', ['op', '1', '15/10/2026', 'paga', '15/10/2026', '1,500.00', '']],
  ['F2', ['op', '1', '15/10/2026', 'paga', '15/10/2026', '15.00,5', '']],
  ['G2', ['op', '1', '15/10/2026', 'baixada', '', '', '1.500']],
  ['G2', ['op', '1', '15/10/2026', 'baixada', '', '', '']],
  ['G2', ['op', '1', '15/10/2026', 'em aberto', '', '', '1,00']],
])('names %s of %j', (place, line) => {
  expect(places([line])).toEqual([place]);
});

it('says that a point may be of thousands', () => {
  const { problems } = readSheet(HEAD, ['op', '1', '15/10/2026', 'baixada', '', '', '1.500']);
  expect(problems).toEqual([{ path: 'G2', message: expect.stringContaining('mil e quinhentos') as string }]);
});

it.each([
  ['1500', '1500'],
  ['1500.0', '1500'],
  ['1500.50', '1500.5'],
  ['1500,5', '1500.5'],
  ['1.234.567,89', '1234567.89'],
])('reads %s', (written, amount) => {
  const { outcomes } = readSheet(HEAD, ['op', '1', '15/10/2026', 'baixada', '', '', written]);
  expect(outcomes).toMatchObject([{ loss_amount: amount }]);
});

it('names a repeated instalment, a wrong heading and the field of a body', () => {
  const line = ['op', '1', '15/10/2026', 'em aberto', '', '', ''];
  expect(places([line, line])).toEqual(['A3']);
  expect(readSheet(['operation']).problems).toEqual([{ path: 'A1', message: 'esperada a coluna operacao' }]);
  const body = { credit_operation_key: 'op', installment: 1, due_on: '2026-10-15', status: 'paid' };
  expect(readOutcomeList([body]).problems.map(({ path }) => path)).toEqual(['outcomes.0.paid_on']);
});
