import {
  BIRTH_DATE,
  borrowerOf as told,
  fieldsMissing,
  LATER_FIELDS,
  NAME,
  PEP,
  type BorrowerDraft,
  type PayTo,
  type Product,
} from './borrower-draft';

const ALL = [NAME, BIRTH_DATE, PEP, ...LATER_FIELDS];
const borrowerOf = (draft: BorrowerDraft, payTo: PayTo, product: Product) =>
  told(draft, { fields: ALL, account: { payTo, product } });

const name = { 'person.name': ' Maria de Souza ', 'account.document_number': '529.982.247-25' };

describe('what was typed of a borrower', () => {
  it('is nothing at first, and the CPF alone is no account', () => {
    expect(borrowerOf({ 'person.name': '  ' }, 'cpf', 'fgts')).toEqual({});
    expect(borrowerOf({ 'account.document_number': '529.982.247-25' }, 'cpf', 'fgts')).toEqual({});
  });

  it('is paid to the CPF as a PIX key, in the name of the borrower', () => {
    expect(borrowerOf(name, 'cpf', 'fgts')).toEqual({
      person: { name: 'Maria de Souza' },
      account: { name: 'Maria de Souza', document_number: '52998224725', pix_key: '52998224725' },
    });
  });

  it('is paid into an account of a bank', () => {
    const bank = { 'account.ispb_number': '60.701.190', 'account.account_number': '12345' };
    expect(borrowerOf({ ...name, ...bank }, 'bank', 'fgts').account).toEqual({
      name: 'Maria de Souza',
      document_number: '52998224725',
      ispb_number: '60701190',
      account_number: '12345',
    });
    expect(borrowerOf({ ...name, ...bank }, 'pix', 'fgts').account).toBeUndefined();
    const code = { 'account.bank_code': '104', 'account.account_type': 'checking_account' };
    expect(borrowerOf({ ...name, ...bank, ...code }, 'bank', 'federal_payroll').account).toEqual({
      name: 'Maria de Souza',
      document_number: '52998224725',
      bank_code: '104',
      account_type: 'checking_account',
      account_number: '12345',
    });
  });

  it('has dates, digits, groups and answers as the API wants them', () => {
    const typed = {
      'person.birth_date': '10/03/1985',
      'person.is_pep': 'no',
      'person.phone.number': '98907-3010',
      'person.phone.area_code': '11',
      'person.address.state': 'sp',
    };
    expect(borrowerOf(typed, 'cpf', 'fgts')).toEqual({
      person: {
        birth_date: '1985-03-10',
        is_pep: false,
        phone: { area_code: '11', number: '989073010' },
        address: { state: 'SP' },
      },
    });
  });

  it('keeps the digit that was typed behind an account or a branch, for the service to refuse: without its dash it is another', () => {
    const bank = { 'account.account_number': '12.345-6', 'account.branch_number': '1234-5' };
    expect(borrowerOf({ ...name, ...bank }, 'bank', 'fgts').account).toMatchObject({
      account_number: '12345-6',
      branch_number: '1234-5',
    });
  });

  it('loses nothing but punctuation: a letter between digits is no other number', () => {
    const typed = { 'person.phone.number': '9 8907-3O10', 'person.address.postal_code': '01.310-100 SP' };
    expect(borrowerOf(typed, 'cpf', 'fgts').person).toEqual({
      phone: { number: '989073O10' },
      address: { postal_code: '01310100SP' },
    });
  });

  it('goes as it stands when it is no date, so that the service can say so', () => {
    expect(borrowerOf({ 'person.birth_date': '31/02/1985' }, 'cpf', 'fgts').person).toEqual({
      birth_date: '31/02/1985',
    });
  });
});

describe('what was typed where it is not asked any more', () => {
  const typed = { ...name, 'person.birth_date': '10/03/1958', 'person.mother_name': 'Ana de Souza' };
  const mother = fieldsMissing(['person.mother_name']);

  it('is not told, and no account comes of it', () => {
    expect(told(typed, { fields: mother })).toEqual({ person: { mother_name: 'Ana de Souza' } });
  });

  it('gives no name to the account that is asked for', () => {
    const account = { payTo: 'cpf', product: 'fgts' } as const;
    expect(told(typed, { fields: mother, account }).account).toBeUndefined();
  });

  it('is not told of another way to be paid', () => {
    const account = { payTo: 'bank', product: 'fgts' } as const;
    const key = { 'account.pix_key': 'maria@example.com', 'account.account_number': '12345' };
    expect(told(key, { fields: [], account }).account).toEqual({ account_number: '12345' });
  });
});

describe('what is missing of a borrower', () => {
  it('is asked for by its field, and of an address whole', () => {
    const paths = fieldsMissing(['person.email', 'person.address.city', 'account']).map(({ path }) => path);
    expect(paths).toContain('person.email');
    expect(paths.filter((path) => path.startsWith('person.address'))).toHaveLength(7);
    expect(paths).toHaveLength(8);
  });
});
