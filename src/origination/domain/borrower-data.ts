import { z } from 'zod';
import { Cpf, parseCalendarDate, type CalendarDate, PIX_KEY_EXPECTED, readPixKey } from '../../kernel';
import { ACCOUNT_NUMBERS, ACCOUNT_TYPES } from '../../operation/domain';

const text = (most: number) =>
  z
    .string('informe um texto')
    .trim()
    .min(1, 'não pode ficar vazio')
    .max(most, `no máximo ${String(most)} caracteres`);
const digits = (least: number, most = least) =>
  z
    .string()
    .regex(
      new RegExp(`^\\d{${String(least)},${String(most)}}$`),
      `informe ${least === most ? String(least) : `de ${String(least)} a ${String(most)}`} dígitos`,
    );
const date = z
  .string()
  .refine((value) => parseCalendarDate(value) !== undefined, 'informe uma data que existe, AAAA-MM-DD');

/** Who borrows, as QI's `borrower` names it (manual 004, creation). Parts come one after the other; an issue needs all. */
const person = z.strictObject({
  name: text(200),
  mother_name: text(200),
  birth_date: date,
  profession: text(100).optional(),
  nationality: text(60).optional(),
  marital_status: z
    .enum(['single', 'married', 'divorced', 'widowed', 'separated', 'stable_union'])
    .optional(),
  gender: z.enum(['male', 'female']).optional(),
  is_pep: z.boolean().optional(),
  document_identification_number: text(30),
  document_identification_type: z.enum(
    ['rg', 'cnh', 'rne', 'passport', 'ctps'],
    'escolha o tipo do documento',
  ),
  document_identification_date: date,
  /** Keys of documents that were uploaded to QI. */
  document_identification: z.uuid('informe a chave do documento enviado').optional(),
  document_identification_back: z.uuid('informe a chave do documento enviado').optional(),
  email: z.email('informe um e-mail'),
  phone: z.strictObject({
    country_code: digits(3).default('055'),
    area_code: digits(2),
    number: digits(8, 9),
  }),
  address: z.strictObject({
    street: text(200),
    number: text(20),
    complement: text(100).optional(),
    neighborhood: text(100),
    city: text(100),
    state: z.string().regex(/^[A-Z]{2}$/, 'informe a sigla do estado'),
    postal_code: digits(8),
  }),
});

const holder = { name: text(200), document_number: digits(11) };

const accountNumber = (name: keyof typeof ACCOUNT_NUMBERS) =>
  z.string().regex(ACCOUNT_NUMBERS[name].form, ACCOUNT_NUMBERS[name].expected);
const bank = {
  branch_number: accountNumber('branch_number'),
  account_number: accountNumber('account_number'),
  account_digit: accountNumber('account_digit'),
};

/** Where the money goes. A PIX key is preferred: it cannot be mistyped into somebody else's account unnoticed. */
const account = z.union(
  [
    z.strictObject({ ...holder, pix_key: text(100) }),
    z.strictObject({ ...holder, ...bank, ispb_number: digits(8) }),
    z.strictObject({
      ...holder,
      ...bank,
      bank_code: digits(3),
      account_type: z.enum(ACCOUNT_TYPES).optional(),
    }),
  ],
  'informe o titular, o CPF dele e uma chave PIX, ou ISPB ou código do banco, agência, conta e dígito',
);

/** On disk, whichever release took it. */
export const borrowerDataSchema = z.strictObject({
  person: person.partial().optional(),
  account: account.optional(),
});
/** As somebody may give it now. */
export const borrowerDataGiven = borrowerDataSchema.extend({
  person: person
    .partial()
    .superRefine((given, context) => {
      for (const { path, message } of nobodyHas(given))
        context.addIssue({ code: 'custom', message, path: path.split('.') });
    })
    .optional(),
  account: account
    .transform((given, context): Account => {
      const read = withReadKey(given, given.document_number);
      if (read !== undefined) return read;
      context.addIssue({ code: 'custom', message: PIX_KEY_EXPECTED, path: ['pix_key'] });
      return z.NEVER;
    })
    .optional(),
});

const STATES: readonly string[] =
  'AC AL AM AP BA CE DF ES GO MA MG MS MT PA PB PE PI PR RJ RN RO RR RS SC SE SP TO'.split(' ');

/** What has the right form, and yet is nobody's: it would go into the contract, or the link to sign nowhere. */
function nobodyHas({ name, mother_name: mother, phone, address }: SomeOfPerson): FieldProblem[] {
  const wrong: readonly (readonly [path: string, isWrong: boolean, message: string])[] = [
    ['name', /\d/.test(name ?? ''), 'um nome não tem algarismos'],
    ['mother_name', /\d/.test(mother ?? ''), 'um nome não tem algarismos'],
    ['phone.area_code', /^(0\d|\d0)$/.test(phone?.area_code ?? ''), 'informe um DDD, como 11'],
    [
      'address.state',
      /^[A-Z]{2}$/.test(address?.state ?? '') && !STATES.includes(address?.state ?? ''),
      'informe a sigla de um estado, como SP',
    ],
  ];
  return wrong.flatMap(([path, isWrong, message]) => (isWrong ? [{ path, message }] : []));
}

type SomeOfPerson = z.output<ReturnType<typeof person.partial>>;

interface FieldProblem {
  readonly path: string;
  readonly message: string;
}

export type BorrowerData = z.output<typeof borrowerDataSchema>;
export type Person = z.output<typeof person>;
export type Account = z.output<typeof account>;

/** The account with its key as banks know it; undefined where that is none of the owner's. */
function withReadKey(account: Account, cpf: string): Account | undefined {
  if (!('pix_key' in account)) return account;
  const pix_key = readPixKey(account.pix_key, cpf);
  return pix_key === undefined ? undefined : { ...account, pix_key };
}

/** What of a person policies judge by: with another, what was judged is of somebody else. */
export const JUDGED_BY = ['birth_date', 'is_pep'] as const satisfies readonly (keyof Person)[];

/** Everything of the borrower that a debt needs. */
export interface ReadyBorrower {
  readonly person: Person;
  readonly account: Account;
}

/** What of the borrower is still to be mended before QI may be asked for the debt; a complete order when nothing is. */
export type IssueReadiness =
  | ({ readonly kind: 'ready' } & ReadyBorrower)
  | {
      readonly kind: 'incomplete';
      readonly problems: readonly FieldProblem[];
    };

/** Of the borrower, what the debts of one product need besides what all need. */
export interface IssueNeeds {
  readonly person: readonly (keyof Person)[];
  /** Of an account that no PIX key names, as the product's manual prints it. */
  readonly bankAccount: readonly ('bank_code' | 'account_type')[];
}

const MISSING = 'falta informar';

/** Everything is looked at before anything is sent: a wrong holder is paid back days later, with the balance blocked. */
export function readyToIssue(
  cpf: Cpf,
  data: BorrowerData,
  needs: IssueNeeds,
  today: CalendarDate,
): IssueReadiness {
  const whole = person.safeParse(data.person ?? {});
  const problems = (whole.error?.issues ?? []).map(({ path, message, code }) => ({
    path: ['person', ...path].join('.'),
    // What was given has been checked: of what is stored nothing is wrong, it is only not there.
    message: code === 'invalid_type' || code === 'invalid_value' ? MISSING : message,
  }));
  for (const field of needs.person)
    if (data.person?.[field] === undefined) problems.push({ path: `person.${field}`, message: MISSING });
  for (const { path, message } of nobodyHas(data.person ?? {}))
    problems.push({ path: `person.${path}`, message });
  const issued = data.person?.document_identification_date;
  if (issued !== undefined && issued > today)
    problems.push({ path: 'person.document_identification_date', message: 'a data ainda não chegou' });
  if (data.account === undefined)
    problems.push({ path: 'account', message: 'informe a conta do trabalhador' });
  else if (data.account.document_number !== cpf.reveal())
    problems.push({ path: 'account.document_number', message: 'a conta deve ser do próprio trabalhador' });
  const { account: given } = data;
  const account = given && withReadKey(given, cpf.reveal());
  if (given !== undefined && account === undefined)
    problems.push({ path: 'account.pix_key', message: PIX_KEY_EXPECTED });
  if (account !== undefined && !('pix_key' in account))
    for (const field of needs.bankAccount)
      if (!(field in account)) problems.push({ path: `account.${field}`, message: MISSING });
  if (!cpf.isValid) problems.push({ path: 'document_number', message: 'os dígitos do CPF não conferem' });
  if (whole.success && account !== undefined && problems.length === 0)
    return { kind: 'ready', person: whole.data, account };
  return { kind: 'incomplete', problems };
}
