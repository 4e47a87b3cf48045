import { calendarDate, Cpf } from '../../kernel';
import { borrowerDataGiven, borrowerDataSchema, readyToIssue, type IssueNeeds } from './borrower-data';

const cpf = Cpf.parse('25256363506');
if (cpf === undefined) throw new Error('not a CPF');
const holder = cpf;
const account = { name: 'Maria', document_number: '25256363506', pix_key: '25256363506' };
const person = {
  name: 'Maria',
  mother_name: 'Ana',
  birth_date: '1985-03-10',
  document_identification_number: '1',
  document_identification_type: 'rg',
  document_identification_date: '2010-01-01',
  email: 'maria@example.com',
  phone: { area_code: '11', number: '989073010' },
  address: {
    street: 'Rua A',
    number: '1',
    neighborhood: 'Centro',
    city: 'São Paulo',
    state: 'SP',
    postal_code: '01001000',
  },
};
const TODAY = calendarDate('2026-11-30');
const NOTHING_MORE: IssueNeeds = { person: [], bankAccount: [] };
const missing = (given: object, needs: Partial<IssueNeeds> = {}) => {
  const ready = readyToIssue(holder, borrowerDataSchema.parse(given), { ...NOTHING_MORE, ...needs }, TODAY);
  return ready.kind === 'ready' ? [] : ready.problems.map(({ path }) => path);
};

it('is complete with what every product needs', () => {
  expect(missing({ person, account })).toEqual([]);
});

it('names what only one product needs, whatever else is missing', () => {
  expect(missing({ person, account }, { person: ['document_identification'] })).toEqual([
    'person.document_identification',
  ]);
  const { email: _, ...rest } = person;
  expect(missing({ person: rest }, { person: ['document_identification'] })).toEqual([
    'person.email',
    'person.document_identification',
    'account',
  ]);
});

it.each([
  ['by PIX key', account],
  [
    'by ISPB',
    {
      name: 'M',
      document_number: '25256363506',
      ispb_number: '00360305',
      branch_number: '1',
      account_number: '2',
      account_digit: '3',
    },
  ],
  [
    'by the code of a bank',
    {
      name: 'M',
      document_number: '25256363506',
      bank_code: '104',
      branch_number: '1',
      account_number: '2',
      account_digit: 'x',
    },
  ],
])('takes an account %s', (_, given) => {
  expect(missing({ person, account: given })).toEqual([]);
});

it('names what a product wants of a bank account, and of none that a PIX key names', () => {
  const bank = {
    name: 'M',
    document_number: '25256363506',
    branch_number: '1',
    account_number: '2',
    account_digit: '3',
  };
  const needs = { bankAccount: ['bank_code', 'account_type'] } as const;
  expect(missing({ person, account: { ...bank, ispb_number: '00360305' } }, needs)).toEqual([
    'account.bank_code',
    'account.account_type',
  ]);
  expect(missing({ person, account: { ...bank, bank_code: '104' } }, needs)).toEqual([
    'account.account_type',
  ]);
  expect(
    missing({ person, account: { ...bank, bank_code: '104', account_type: 'savings_account' } }, needs),
  ).toEqual([]);
  expect(missing({ person, account }, needs)).toEqual([]);
});

it('knows no document that is yet to be issued', () => {
  const issued = (document_identification_date: string) => ({
    person: { ...person, document_identification_date },
    account,
  });
  expect(missing(issued('2026-11-30'))).toEqual([]);
  expect(missing(issued('2026-12-01'))).toEqual(['person.document_identification_date']);
});

describe('a PIX key', () => {
  const withKey = (pix_key: string) => ({ person, account: { ...account, pix_key } });

  it('goes out as its bank knows it', () => {
    const given = borrowerDataGiven.parse(withKey('252.563.635-06'));
    expect(given.account).toEqual(account);
    const stored = borrowerDataSchema.parse(withKey('(11) 98765-4321'));
    expect(readyToIssue(holder, stored, NOTHING_MORE, TODAY)).toMatchObject({
      kind: 'ready',
      account: { pix_key: '+5511987654321' },
    });
  });

  it.each(['15350946056', '11989073010', '1e3'])('that is none of the borrower is not taken: %s', (key) => {
    const refused = borrowerDataGiven.safeParse(withKey(key));
    expect(refused.error?.issues).toMatchObject([
      { path: ['account', 'pix_key'], message: expect.stringMatching(/^informe o CPF do próprio/) as string },
    ]);
  });

  it.each(['15350946056', '1e3'])(
    'that an earlier release stored keeps its loan from being issued: %s',
    (key) => {
      expect(missing(withKey(key))).toEqual(['account.pix_key']);
    },
  );

  it('is the CPF of the borrower, whoever the account is said to be of', () => {
    const other = '46338864879';
    const ofOther = { ...account, document_number: other, pix_key: other };
    expect(missing({ person, account: ofOther })).toEqual(['account.document_number', 'account.pix_key']);
  });
});

it('takes no account of somebody else', () => {
  const ofOther = { ...account, document_number: '46338864879' };
  expect(missing({ person, account: ofOther })).toEqual(['account.document_number']);
});

describe('what nobody has is refused where it is typed', () => {
  const address = person.address;
  it.each<[string, object, string]>([
    ['name', { name: 'Maria 3 Silva' }, 'um nome não tem algarismos'],
    ['mother_name', { mother_name: 'An4' }, 'um nome não tem algarismos'],
    ['address.state', { address: { ...address, state: 'ZZ' } }, 'informe a sigla de um estado, como SP'],
    ['phone.area_code', { phone: { area_code: '01', number: '989073010' } }, 'informe um DDD, como 11'],
    ['phone.area_code', { phone: { area_code: '0', number: '989073010' } }, 'informe 2 dígitos'],
    ['phone.number', { phone: { area_code: '11', number: '1' } }, 'informe de 8 a 9 dígitos'],
    ['address.postal_code', { address: { ...address, postal_code: '0100' } }, 'informe 8 dígitos'],
  ])('%s', (path, given, message) => {
    const { error } = borrowerDataGiven.safeParse({ person: given });
    expect(error?.issues.map((issue) => [issue.path.join('.'), issue.message])).toEqual([
      [`person.${path}`, message],
    ]);
  });

  it('and what an earlier release took of it is read, and named before an issue', () => {
    const stored = { ...person, name: 'Maria 3', address: { ...address, state: 'ZZ' } };
    expect(missing({ person: stored, account })).toEqual(['person.name', 'person.address.state']);
  });
});
