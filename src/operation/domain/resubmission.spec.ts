import { calendarDate, Cpf, parseJson, stringifyJson, type HolidayCalendar } from '../../kernel';
import type { RefusedPayment } from './refused-payment';
import { readResubmission, type ResubmissionFacts } from './resubmission';

const calendar: HolidayCalendar = {
  firstYear: 2026,
  lastYear: 2027,
  holidays: new Set([calendarDate('2026-12-25')]),
};
const facts: ResubmissionFacts = {
  newAccount: 'bank',
  refused: undefined,
  today: calendarDate('2026-11-20'),
  calendar,
  borrowerCpf: Cpf.parse('529.982.247-25'),
  accountIndexOf: (number) => `index of ${number}`,
};
const account = {
  name: 'Maria da Silva',
  document_number: '52998224725',
  bank_code: 184,
  ispb_number: '17298092',
  branch_number: '1232',
  account_number: '412412412',
  account_digit: '4',
  account_type: 'checking_account',
  percentage_receivable: 100,
};
const read = (body: unknown, changes: Partial<ResubmissionFacts> = {}) =>
  readResubmission(parseJson(JSON.stringify(body)), { ...facts, ...changes });
const problemsOf = (body: unknown, changes: Partial<ResubmissionFacts> = {}) => {
  const reading = read(body, changes);
  return reading.kind === 'invalid' ? reading.problems.map(({ path }) => path) : 'valid';
};
const withAccount = (changes: object) => ({
  disbursement_date: '2026-11-23',
  disbursement_bank_accounts: [{ ...account, ...changes }],
});

const REFUSED: RefusedPayment = {
  code: 'ted_refusal',
  reason: undefined,
  cause: undefined,
  account: { bank: '184', branch: '1232', number: '***999' },
  accountIndex: 'index of 999',
  isOfAnotherHolder: false,
};

describe('a resubmission', () => {
  it('with a date alone keeps the account', () => {
    expect(read({ disbursement_date: '2026-11-20' })).toEqual({
      kind: 'valid',
      body: { disbursement_date: '2026-11-20' },
    });
  });

  it('needs another account where the bank said that it is somebody else’s', () => {
    const changes = { refused: { ...REFUSED, isOfAnotherHolder: true } };
    expect(problemsOf({ disbursement_date: '2026-11-20' }, changes)).toEqual(['disbursement_bank_accounts']);
    expect(problemsOf(withAccount({}), changes)).toBe('valid');
  });

  it.each([
    [false, /na mesma conta se o banco confirmou/],
    [true, /outro titular: informe outra/],
  ])(
    'into the account that refused, typed again, is refused; of another holder: %s',
    (isOfAnotherHolder, says) => {
      const refused = { ...REFUSED, isOfAnotherHolder };
      const typed = withAccount({
        bank_code: '184',
        branch_number: '01232',
        account_number: '99',
        account_digit: '9',
      });
      const reading = read(typed, { refused });
      expect(reading).toMatchObject({
        problems: [
          {
            path: 'disbursement_bank_accounts.0.account_number',
            message: expect.stringMatching(says) as string,
          },
        ],
      });
      expect(problemsOf(withAccount({}), { refused })).toBe('valid');
    },
  );

  it('into one of which only the ending is known to be alike waits for a person to say that it is another', () => {
    const facts = { refused: { ...REFUSED, accountIndex: undefined } };
    const typed = { ...withAccount({ account_number: '41999', account_digit: '9' }) };
    expect(problemsOf(typed, facts)).toEqual(['is_another_account']);
    expect(problemsOf({ ...typed, is_another_account: false }, facts)).toEqual(['is_another_account']);
    expect(problemsOf({ ...typed, is_another_account: 'sim' }, facts)).toEqual(['is_another_account']);
    const reading = read({ ...typed, is_another_account: true }, facts);
    expect(reading).toMatchObject({ kind: 'valid' });
    expect(reading).not.toHaveProperty('body.is_another_account');
    expect(problemsOf(typed, { refused: REFUSED })).toBe('valid');
  });

  it("goes out in QI's shape: numbers and left zeros as the manual prints them", () => {
    const reading = read(
      withAccount({ document_number: '529.982.247-25', bank_code: '001', ispb_number: '360305' }),
    );
    if (reading.kind !== 'valid') throw new Error('expected a valid reading');
    expect(stringifyJson(reading.body)).toBe(
      '{"disbursement_date":"2026-11-23","disbursement_bank_accounts":[{"name":"Maria da Silva","branch_number":"1232",' +
        '"account_number":"412412412","account_digit":"4","account_type":"checking_account",' +
        '"document_number":"52998224725","bank_code":1,"ispb_number":"00360305","percentage_receivable":100}]}',
    );
  });

  describe('by PIX, of a debt that no auction brought', () => {
    const holder = { name: 'Maria da Silva', document_number: '52998224725', percentage_receivable: 100 };
    const numbers = { branch_number: '1232', account_number: '412412412', account_digit: '4' };
    const to = (...accounts: object[]) => ({
      disbursement_date: '2026-11-23',
      disbursement_bank_accounts: accounts.map((each) => ({ ...holder, ...each })),
    });
    const accountsOf = (newAccount: 'pix' | 'pix_typed', account: object) => {
      const reading = read(to(account), { newAccount });
      if (reading.kind !== 'valid') throw new Error(JSON.stringify(reading.problems));
      return JSON.parse(stringifyJson(reading.body['disbursement_bank_accounts'] ?? null)) as unknown;
    };

    it.each(['pix', 'pix_typed'] as const)('goes to a key alike (%s)', (newAccount) => {
      const sent = { ...holder, pix_transfer_type: 'key', pix_key: 'maria@exemplo.com.br' };
      expect(accountsOf(newAccount, { pix_key: ' Maria@exemplo.com.br' })).toEqual([sent]);
      const telephone = { ...sent, pix_key: '+5511987654321' };
      expect(accountsOf(newAccount, { pix_key: '(11) 98765-4321' })).toEqual([telephone]);
    });

    it.each([1, '1', '001'])('goes into an account whose bank is three digits, typed as %j', (bank_code) => {
      const sent = { ...holder, ...numbers, pix_transfer_type: 'manual', bank_code: '001' };
      expect(accountsOf('pix', { ...numbers, bank_code })).toEqual([sent]);
      const typed = { account_type: 'payment_account' };
      expect(accountsOf('pix_typed', { ...numbers, ...typed, bank_code })).toEqual([{ ...sent, ...typed }]);
    });

    it.each<['pix' | 'pix_typed', object, string[]]>([
      ['pix', { ...numbers, ispb_number: '17298092' }, ['ispb_number', 'bank_code']],
      ['pix', { ...numbers, bank_code: '1', account_type: 'checking_account' }, ['account_type']],
      ['pix_typed', { ...numbers, bank_code: '1' }, ['account_type']],
      ['pix', { pix_key: 'a@b.co', bank_code: '1' }, ['bank_code']],
      ['pix', { pix_key: ' ' }, ['pix_key']],
      ['pix', { pix_key: '15350946056' }, ['pix_key']],
      ['pix_typed', { pix_key: '11987654321' }, ['pix_key']],
      ['pix', { ...numbers, bank_code: '1', branch_number: '1234-5' }, ['branch_number']],
      ['pix_typed', { ...numbers, bank_code: '1', account_type: 'other' }, ['account_type']],
      ['pix', { pix_key: 'a@b.co', pix_transfer_type: 'manual' }, ['pix_transfer_type']],
    ])('is refused where it is written otherwise (%s, %j)', (newAccount, account, fields) => {
      expect(problemsOf(to(account), { newAccount })).toEqual(
        fields.map((field) => `disbursement_bank_accounts.0.${field}`),
      );
    });

    it('is refused into the account that refused, and not because a key has no number', () => {
      const refused = { ...REFUSED, accountIndex: 'index of 4124124124' };
      const facts = { refused, newAccount: 'pix' } as const;
      expect(problemsOf(to({ ...numbers, bank_code: '184' }), facts)).toEqual([
        'disbursement_bank_accounts.0.account_number',
      ]);
      expect(problemsOf(to({ pix_key: '52998224725' }), facts)).toBe('valid');
    });
  });

  it.each<[unknown, string]>([
    ['2026-11-19', 'yesterday'],
    ['2026-11-21', 'a Saturday'],
    ['2026-12-25', 'a holiday'],
    ['2026-02-30', 'no day at all'],
    ['23/11/2026', 'not ISO'],
    ['2028-01-03', 'outside the calendar'],
    [20261123, 'a number'],
    [null, 'null'],
  ])('is refused on %s, which is %s', (disbursement_date) => {
    expect(problemsOf({ disbursement_date })).toEqual(['disbursement_date']);
  });

  it.each<[object, string]>([
    [{ document_number: '111.444.777-35' }, 'document_number'],
    [{ document_number: '52998224724' }, 'document_number'],
    [{ document_number: 52998224725 }, 'document_number'],
    [{ name: ' ' }, 'name'],
    [{ account_digit: undefined }, 'account_digit'],
    [{ account_digit: '123' }, 'account_digit'],
    [{ account_number: '12345-6' }, 'account_number'],
    [{ account_number: '12.345' }, 'account_number'],
    [{ branch_number: 'abc' }, 'branch_number'],
    [{ branch_number: '1234-5' }, 'branch_number'],
    [{ account_type: 3 }, 'account_type'],
    [{ account_type: 'conta corrente' }, 'account_type'],
    [{ bank_code: undefined, ispb_number: undefined }, 'bank_code'],
    [{ bank_code: 1234 }, 'bank_code'],
    [{ bank_code: 1.5 }, 'bank_code'],
    [{ ispb_number: '123456789' }, 'ispb_number'],
    [{ percentage_receivable: 0 }, 'percentage_receivable'],
    [{ percentage_receivable: '100' }, 'percentage_receivable'],
    [{ pix_key: 'a@b.c' }, 'pix_key'],
  ])('with an account of %j is refused at %s', (changes, path) => {
    expect(problemsOf(withAccount(changes))).toEqual([`disbursement_bank_accounts.0.${path}`]);
  });

  it('must pay the whole amount out', () => {
    const half = { ...account, percentage_receivable: 50 };
    const of = (...accounts: object[]) => ({
      disbursement_date: '2026-11-23',
      disbursement_bank_accounts: accounts,
    });
    expect(problemsOf(of(half, half))).toBe('valid');
    expect(problemsOf(of(half))).toEqual(['disbursement_bank_accounts']);
    expect(problemsOf(of())).toEqual(['disbursement_bank_accounts']);
  });

  it('to a new account is refused while nobody knows who the borrower is', () => {
    expect(problemsOf(withAccount({}), { borrowerCpf: undefined })).toEqual(['disbursement_bank_accounts']);
    expect(problemsOf({ disbursement_date: '2026-11-23' }, { borrowerCpf: undefined })).toBe('valid');
  });

  it('names every problem at once and quotes no value', () => {
    const reading = read({ ...withAccount({ document_number: '11144477735', name: '' }), extra: 1 });
    expect(JSON.stringify(reading)).not.toContain('11144477735');
    expect(reading).toMatchObject({ problems: { length: 3 } });
  });

  it.each([[undefined], [null], [[]], ['2026-11-23']])('that is %j is refused', (body) => {
    expect(readResubmission(body, facts).kind).toBe('invalid');
  });
});
