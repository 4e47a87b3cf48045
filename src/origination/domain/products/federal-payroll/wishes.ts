import { z } from 'zod';
import { isValidCnpj } from '../../../../kernel';
import { dateGiven, reaisGiven, wholeGiven } from '../../given';

const MOST_INSTALLMENTS = 144;
const MOST_CONTRACTS = 5;
const INSTITUTION = 'original_financial_institution_document_number';

const refinanced = z.discriminatedUnion('kind', [
  /** A loan of our own. */
  z.strictObject({ kind: z.literal('own'), operation_key: z.string().min(1).max(128) }),
  /** One of another institution: what the servant's statement of it says. */
  z.strictObject({
    kind: z.literal('incoming'),
    original_contract_number: z.string().trim().min(1).max(60),
    original_financial_institution_document_number: z
      .string()
      .regex(/^\d{14}$/, 'informe o CNPJ, 14 dígitos'),
    due_balance: reaisGiven,
    original_deadline: wholeGiven(1, MOST_INSTALLMENTS),
    installment: reaisGiven,
  }),
]);

/** A contract as far as its name goes, wished for or in an order. */
export type NamedContract =
  | { readonly kind: 'own'; readonly operation_key: string }
  | {
      readonly kind: 'incoming';
      readonly original_contract_number: string;
      readonly original_financial_institution_document_number: string;
    };

/** What makes two of them one contract. */
export function identityOf(contract: NamedContract): string {
  return contract.kind === 'own'
    ? contract.operation_key
    : `${contract.original_financial_institution_document_number} ${contract.original_contract_number.toUpperCase()}`;
}

const shared = {
  /** Which employment pays: `balance.links[].id`. */
  link: z.string().min(1).max(40).optional(),
  installments: wholeGiven(1, MOST_INSTALLMENTS).optional(),
  /** The last day of a temporary post or pension, as the servant declares it; null: it has no end. */
  contract_ends_on: dateGiven.nullable().optional(),
  /** The number on the servant's payslip, where SIAPE does not say it. */
  functional_situation: z
    .string()
    .regex(/^\d{1,3}$/, 'informe o número da situação funcional')
    .optional(),
  refinancing: z.array(refinanced).min(1).max(MOST_CONTRACTS).optional(),
};

/** What the servant would like: the most there is, so much paid out, or so much a month; on disk as well, whichever release took it. */
export const federalPayrollWishes = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('maximum'), ...shared }),
  z.strictObject({ kind: z.literal('target'), amount: reaisGiven, ...shared }),
  z.strictObject({ kind: z.literal('installment'), amount: reaisGiven, ...shared }),
]);
export type FederalPayrollWishes = z.output<typeof federalPayrollWishes>;

export const NAMED_TWICE = 'informe cada contrato uma só vez';

/** Each contract frees its instalment and costs its balance, so each counts once. Earlier releases let it be named again. */
export function namesTwice({ refinancing = [] }: FederalPayrollWishes): boolean {
  return new Set(refinancing.map(identityOf)).size < refinancing.length;
}

/** As somebody may wish now. */
export const federalPayrollWishesGiven = federalPayrollWishes
  .refine((wishes) => !namesTwice(wishes), { path: ['refinancing'], message: NAMED_TWICE })
  .superRefine(({ refinancing = [] }, context) => {
    for (const [at, contract] of refinancing.entries())
      if (contract.kind === 'incoming' && !isValidCnpj(contract[INSTITUTION]))
        context.addIssue({
          code: 'custom',
          message: 'o CNPJ não existe: os dígitos não conferem',
          path: ['refinancing', at, INSTITUTION],
        });
  });

/** Of the number of a contract at another institution, which names its borrower there. */
const SHOWN = 4;

/** As they lie on disk, for whoever may see a proposal: of a contract at another institution how its number ends. */
export function shownWishes<Stored extends Readonly<Record<string, unknown>>>(stored: Stored): Stored {
  const refinancing: unknown = stored['refinancing'];
  if (!Array.isArray(refinancing)) return stored;
  return { ...stored, refinancing: (refinancing as NamedContract[]).map(shownContract) };
}

function shownContract(contract: NamedContract): NamedContract {
  if (contract.kind === 'own') return contract;
  const number = contract.original_contract_number;
  const end = number.slice(Math.max(number.length - SHOWN, Math.ceil(number.length / 2)));
  return { ...contract, original_contract_number: `***${end}` };
}

/** How they lie on disk. */
export function federalPayrollWishesJson(wishes: FederalPayrollWishes): z.input<typeof federalPayrollWishes> {
  const { refinancing, ...rest } = wishes;
  return {
    ...rest,
    ...('amount' in rest && { amount: rest.amount.toFixed(2) }),
    ...(refinancing && {
      refinancing: refinancing.map((each) =>
        each.kind === 'own'
          ? each
          : {
              ...each,
              due_balance: each.due_balance.toFixed(2),
              installment: each.installment.toFixed(2),
            },
      ),
    }),
  };
}
