import type { BorrowerBody, ProposalDetail } from '../../api/client';
import { typedCpf, typedDate, unpunctuated } from '../../format/typed';
import { HELP } from '../../words/help-words';

/** A field of who borrows, or of where the money goes. `path` is the API's. */
export interface BorrowerField {
  readonly path: string;
  readonly label: string;
  /** `withoutCheckDigit`: a dash would part one from the number. */
  readonly kind?: 'digits' | 'withoutCheckDigit' | 'date' | 'cpf' | 'pix_key' | 'choice';
  /** What it is for. */
  readonly help: string;
  readonly choices?: readonly { readonly value: string; readonly label: string }[];
}

export const NAME: BorrowerField = { path: 'person.name', label: 'Nome completo', help: HELP.borrower.name };
export const BIRTH_DATE: BorrowerField = {
  path: 'person.birth_date',
  label: 'Data de nascimento',
  help: HELP.borrower.birthDate,
  kind: 'date',
};
export const PEP: BorrowerField = {
  path: 'person.is_pep',
  label: 'Pessoa politicamente exposta?',
  help: HELP.borrower.pep,
  kind: 'choice',
  choices: [
    { value: 'no', label: 'Não' },
    { value: 'yes', label: 'Sim' },
  ],
};

const DOCUMENT_TYPES = [
  { value: 'rg', label: 'RG' },
  { value: 'cnh', label: 'CNH' },
  { value: 'rne', label: 'RNE' },
  { value: 'passport', label: 'Passaporte' },
  { value: 'ctps', label: 'Carteira de trabalho' },
];

/** What an issue needs besides. */
export const LATER_FIELDS: readonly BorrowerField[] = [
  { path: 'person.mother_name', label: 'Nome da mãe', help: HELP.borrower.mother },
  { path: 'person.email', label: 'E-mail', help: HELP.borrower.email },
  { path: 'person.phone.area_code', label: 'DDD', help: HELP.borrower.areaCode, kind: 'digits' },
  { path: 'person.phone.number', label: 'Telefone', help: HELP.borrower.phone, kind: 'digits' },
  {
    path: 'person.document_identification_type',
    label: 'Documento',
    help: HELP.borrower.documentType,
    kind: 'choice',
    choices: DOCUMENT_TYPES,
  },
  {
    path: 'person.document_identification_number',
    label: 'Número do documento',
    help: HELP.borrower.documentNumber,
  },
  {
    path: 'person.document_identification_date',
    label: 'Emitido em',
    help: HELP.borrower.documentDate,
    kind: 'date',
  },
  { path: 'person.address.postal_code', label: 'CEP', help: HELP.borrower.postalCode, kind: 'digits' },
  { path: 'person.address.street', label: 'Rua', help: HELP.borrower.street },
  { path: 'person.address.number', label: 'Número', help: HELP.borrower.houseNumber },
  { path: 'person.address.complement', label: 'Complemento (se houver)', help: HELP.borrower.complement },
  { path: 'person.address.neighborhood', label: 'Bairro', help: HELP.borrower.neighborhood },
  { path: 'person.address.city', label: 'Cidade', help: HELP.borrower.city },
  { path: 'person.address.state', label: 'Estado (sigla)', help: HELP.borrower.state },
];

export const HOLDER_CPF = 'account.document_number';
export const HOLDER_FIELDS: readonly BorrowerField[] = [
  { path: 'account.name', label: 'Nome do titular', help: HELP.borrower.holder },
  {
    path: HOLDER_CPF,
    label: 'CPF do titular, o próprio trabalhador',
    help: HELP.borrower.holderCpf,
    kind: 'cpf',
  },
];
export const PIX_FIELDS: readonly BorrowerField[] = [
  { path: 'account.pix_key', label: 'Chave PIX', help: HELP.borrower.pixKey, kind: 'pix_key' },
];
const ISPB: BorrowerField = {
  path: 'account.ispb_number',
  label: 'ISPB do banco',
  help: HELP.borrower.ispb,
  kind: 'digits',
};
const BANK_CODE: BorrowerField = {
  path: 'account.bank_code',
  label: 'Código do banco',
  help: HELP.borrower.bankCode,
  kind: 'digits',
};
/** QI prints the first two. */
export const ACCOUNT_TYPES = [
  { value: 'checking_account', label: 'Corrente' },
  { value: 'payment_account', label: 'De pagamento' },
  { value: 'savings_account', label: 'Poupança' },
  { value: 'salary_account', label: 'Salário' },
];
const ACCOUNT_TYPE: BorrowerField = {
  path: 'account.account_type',
  label: 'Tipo de conta',
  help: HELP.borrower.accountType,
  kind: 'choice',
  choices: ACCOUNT_TYPES,
};
const IN_EVERY_BANK: readonly BorrowerField[] = [
  {
    path: 'account.branch_number',
    label: 'Agência, sem dígito',
    help: HELP.borrower.branch,
    kind: 'withoutCheckDigit',
  },
  { path: 'account.account_number', label: 'Conta', help: HELP.borrower.account, kind: 'withoutCheckDigit' },
  { path: 'account.account_digit', label: 'Dígito', help: HELP.borrower.digit },
];
/** Each product's manual has a bank account of another form. */
export const BANK_FIELDS: Readonly<Record<Product, readonly BorrowerField[]>> = {
  fgts: [ISPB, ...IN_EVERY_BANK],
  federal_payroll: [BANK_CODE, ACCOUNT_TYPE, ...IN_EVERY_BANK],
};

/** What is asked of where the money goes; the holder only where name and CPF are not asked for elsewhere. */
export const payFields = (payTo: PayTo, product: Product): readonly BorrowerField[] =>
  payTo === 'cpf' ? [] : payTo === 'pix' ? PIX_FIELDS : BANK_FIELDS[product];

const FIELDS = [
  ...[NAME, BIRTH_DATE, PEP, ...LATER_FIELDS, ...HOLDER_FIELDS, ...PIX_FIELDS],
  ...[ISPB, BANK_CODE, ACCOUNT_TYPE, ...IN_EVERY_BANK],
];

/** The last parts of their paths: what is wrong with these is shown beside them. */
export const SHOWN_AT_FIELDS: readonly string[] = [
  ...FIELDS.map(({ path }) => path.split('.').at(-1) ?? path),
  'account',
  'address',
  'phone',
];

/** What was typed, by path. */
export type BorrowerDraft = Readonly<Record<string, string>>;
export type PayTo = 'cpf' | 'pix' | 'bank';

export type Product = ProposalDetail['product'];

const GROUPS: Readonly<Record<string, string>> = {
  'person.address': 'Endereço',
  'person.phone': 'Telefone',
  account: 'Conta do trabalhador',
  document_number: 'CPF',
  'person.document_identification': 'Imagem do documento',
};

/** What a field, or a group of fields, is called. */
export function labelOf(path: string): string {
  return FIELDS.find((field) => field.path === path)?.label ?? GROUPS[path] ?? path;
}

/** Those that are to be asked for: of an address or a telephone all, once one part of it is missing. */
export function fieldsMissing(paths: readonly string[]): readonly BorrowerField[] {
  const isMissing = ({ path }: BorrowerField): boolean =>
    paths.some((each) => path.startsWith(`${each}.`) || groupOf(each) === groupOf(path));
  return [NAME, BIRTH_DATE, PEP, ...LATER_FIELDS].filter(isMissing);
}

/** "person.address.city" and "person.address" belong to "person.address"; others to themselves. */
const groupOf = (path: string): string => /^person\.(address|phone)/.exec(path)?.[0] ?? path;

/** What of a form is on the screen. What was typed into a field that is hidden by now is not meant. */
export interface Asked {
  readonly fields: readonly BorrowerField[];
  /** Where it is asked where the money goes. */
  readonly account?: { readonly payTo: PayTo; readonly product: Product } | undefined;
}

/**
 * The API's body of what was filled in: what is blank is left out, and what is not understood goes as it stands, for the
 * service to say what is wrong with it.
 */
export function borrowerOf(draft: BorrowerDraft, { fields, account: where }: Asked): BorrowerBody {
  const ofAccount = where && [...HOLDER_FIELDS, ...payFields(where.payTo, where.product)];
  const filled = [...fields, ...(ofAccount ?? [])].flatMap((field) => {
    const text = draft[field.path]?.trim() ?? '';
    return text === '' ? [] : [[field.path, valueOf(field, text)] as const];
  });
  const person: Record<string, unknown> = {};
  for (const [path, value] of filled) {
    const [top, first = '', second] = path.split('.');
    if (top !== 'person') continue;
    if (second === undefined) person[first] = value;
    else person[first] = { ...(person[first] as object | undefined), [second]: value };
  }
  const account = where && accountOf(Object.fromEntries(filled), where);
  const body = {
    ...(Object.keys(person).length > 0 && { person }),
    ...(account !== undefined && { account }),
  };
  // The service checks it, and says of each field what is wrong.
  return body as BorrowerBody;
}

function accountOf(
  filled: Readonly<Record<string, unknown>>,
  { payTo, product }: NonNullable<Asked['account']>,
): object | undefined {
  const holder = {
    name: filled['account.name'] ?? filled['person.name'],
    document_number: filled[HOLDER_CPF],
  };
  if (payTo === 'cpf') {
    const isKnown = holder.name !== undefined && holder.document_number !== undefined;
    return isKnown ? { ...holder, pix_key: holder.document_number } : undefined;
  }
  const given = payFields(payTo, product).flatMap(({ path }) =>
    filled[path] === undefined ? [] : [[path.replace('account.', ''), filled[path]] as const],
  );
  return given.length === 0 ? undefined : { ...holder, ...Object.fromEntries(given) };
}

function valueOf({ path, kind }: BorrowerField, text: string): unknown {
  if (path === PEP.path) return text === 'yes';
  if (path === 'person.address.state') return text.toUpperCase();
  switch (kind) {
    case 'date':
      return typedDate(text) ?? text;
    case 'cpf':
      return typedCpf(text) ?? text.replace(/\D/g, '');
    case 'digits':
      return unpunctuated(text);
    case 'withoutCheckDigit':
      // The dash stays: without it "12345-6" would be account 123456.
      return text.replaceAll(/[\s.]/g, '');
    default:
      return text;
  }
}
