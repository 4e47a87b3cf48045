import { acceptanceSchema, missingInAcceptance } from './acceptance';

const yes = acceptanceSchema.parse({
  fee_table: 'padrao',
  disbursed_issue_amount: '2100.00',
  total_amount: '2600.00',
  channel: 'app',
  text_version: '2026-11',
  accepted_at: '2026-11-27T10:00:00-03:00',
});

describe('an acceptance', () => {
  it.each([
    ['fgts', {}, []],
    ['federal_payroll', {}, ['device']],
    ['federal_payroll', { ip_address: '203.0.113.7', device: ' ' }, ['device']],
    ['federal_payroll', { device: 'Moto G84' }, []],
    ['federal_payroll', { user_agent: 'Mozilla/5.0' }, []],
  ])('of %s with %j misses %j', (product, known, missing) => {
    expect(missingInAcceptance(product, { ...yes, ...known }).map(({ path }) => path)).toEqual(missing);
  });

  it.each(['telephone', 'whatsapp', 'sms'])('by %s is none', (channel) => {
    expect(acceptanceSchema.safeParse({ ...yes, channel }).success).toBe(false);
  });
});
