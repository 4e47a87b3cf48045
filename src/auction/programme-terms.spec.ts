import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ProgrammeFileError, readProgrammeTerms } from './programme-terms';

const directory = mkdtempSync(join(tmpdir(), 'programme-'));
afterAll(() => {
  rmSync(directory, { recursive: true });
});

function termsWith(amount_type: string, amount: string) {
  const file = join(directory, 'programme.json');
  const payroll = {
    valid_from: '2026-01-01',
    valid_to: null,
    cut_off_day: 20,
    months_to_first_due: 2,
    due_day: 28,
  };
  const contract_fees = [{ fee_type: 'tac', amount_type, amount }];
  writeFileSync(
    file,
    JSON.stringify({ interest_base: 'calendar_days', contract_fees, payroll_rules: [payroll] }),
  );
  return readProgrammeTerms(file);
}

it.each([
  ['absolute', '1500.0', '1500'],
  ['absolute', '35', '35'],
  ['percentage', '4.175', '4.175'],
])('a fee of the programme, %s %s, is read', (type, written, amount) => {
  expect(termsWith(type, written).contractFees[0]?.amount.toFixed()).toBe(amount);
});

it.each([
  ['absolute', '1.500'],
  ['absolute', '-1'],
  ['percentage', '4,17'],
])('%s %s is none, and its place is named', (type, written) => {
  expect(() => termsWith(type, written)).toThrow(ProgrammeFileError);
  expect(() => termsWith(type, written)).toThrow('contract_fees.0.amount');
});
