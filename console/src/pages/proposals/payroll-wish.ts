import { typedDecimal } from '../../format/format';
import { typedDate, unpunctuated } from '../../format/typed';

/** What a servant would like, as typed. */
export interface PayrollWish {
  readonly kind: 'maximum' | 'target' | 'installment';
  readonly amount: string;
  readonly installments: string;
  /** Its number on the payslip, where SIAPE does not say it. */
  readonly situation: string;
  /** Whether the post ends: nothing said, it does not, or on a day. */
  readonly ends: 'unsaid' | 'never' | 'on';
  readonly endsOn: string;
  readonly replaces: 'nothing' | 'own' | 'incoming';
  readonly operationKey: string;
  readonly contractNumber: string;
  readonly institution: string;
  readonly dueBalance: string;
  readonly deadline: string;
  readonly oldInstallment: string;
}

export const NO_PAYROLL_WISH: PayrollWish = {
  kind: 'maximum',
  amount: '',
  installments: '',
  situation: '',
  ends: 'unsaid',
  endsOn: '',
  replaces: 'nothing',
  operationKey: '',
  contractNumber: '',
  institution: '',
  dueBalance: '',
  deadline: '',
  oldInstallment: '',
};

/**
 * As the API wants it. What is no amount, date or number goes as it stands, for the service to say so.
 * @param link the employment that pays, where one was chosen
 */
export function payrollWishOf(wish: PayrollWish, link?: string) {
  const amountOf = (text: string): string => typedDecimal(text) ?? text;
  const numberOf = (text: string): number | string =>
    /^\d{1,3}$/.test(text.trim()) ? Number(text.trim()) : text;
  return {
    kind: wish.kind,
    ...(wish.kind !== 'maximum' && { amount: amountOf(wish.amount) }),
    ...(wish.installments.trim() !== '' && { installments: numberOf(wish.installments) }),
    ...(wish.situation.trim() !== '' && { functional_situation: wish.situation.trim() }),
    ...(wish.ends !== 'unsaid' && {
      contract_ends_on: wish.ends === 'never' ? null : (typedDate(wish.endsOn) ?? wish.endsOn),
    }),
    ...(wish.replaces === 'own' && {
      refinancing: [{ kind: 'own', operation_key: wish.operationKey.trim() }],
    }),
    ...(wish.replaces === 'incoming' && {
      refinancing: [
        {
          kind: 'incoming',
          original_contract_number: wish.contractNumber.trim(),
          original_financial_institution_document_number: unpunctuated(wish.institution),
          due_balance: amountOf(wish.dueBalance),
          original_deadline: numberOf(wish.deadline),
          installment: amountOf(wish.oldInstallment),
        },
      ],
    }),
    ...(link !== undefined && { link }),
  };
}
