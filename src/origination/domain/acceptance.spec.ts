import { acceptanceSchema, missingInAcceptance, outOfTime } from './acceptance';

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

  it.each([
    ['12:58:59', ['é de antes de haver a oferta']],
    ['12:59:01', []],
    ['13:10:59', []],
    ['13:11:01', ['está no futuro']],
  ])('at %s of an offer from 13:00, told at 13:10: %j', (time, problems) => {
    const given = { ...yes, accepted_at: `2026-11-27T${time}Z` };
    const [offeredAt, now] = ['13:00', '13:10'].map((at) => new Date(`2026-11-27T${at}:00Z`));
    if (offeredAt === undefined || now === undefined) throw new Error('two moments were given');
    expect(outOfTime(given, offeredAt, now).map(({ message }) => message)).toEqual(problems);
  });

  it.each(['telephone', 'whatsapp', 'sms'])('by %s is none', (channel) => {
    expect(acceptanceSchema.safeParse({ ...yes, channel }).success).toBe(false);
  });
});
