import { calendarDate, Decimal } from '../../../kernel';
import type { PayrollTerms } from '../../ports';
import { feesOf, type StoredSimulation } from '../../stored';
import { contractOf, type StoredPayrollFigures, type StoredPayrollSimulation } from './stored-payroll';

/** What QI is asked to simulate, and later to issue, of a simulation as it lies on disk. */
export function termsOf({
  figures,
  monthly_interest_rate: rate,
  rebates,
  asked,
}: Pick<StoredPayrollSimulation, 'monthly_interest_rate' | 'asked'> & {
  readonly rebates: StoredSimulation['rebates'] | undefined;
  readonly figures: Pick<
    StoredPayrollFigures,
    'installment_face_value' | 'number_of_installments' | 'first_due_date' | 'disbursement_date'
  >;
}): PayrollTerms {
  return {
    installmentFaceValue: new Decimal(figures.installment_face_value),
    numberOfInstallments: figures.number_of_installments,
    firstDueDate: calendarDate(figures.first_due_date),
    disbursementDate: calendarDate(figures.disbursement_date),
    monthlyInterestRate: new Decimal(rate),
    rebates: feesOf(rebates),
    refinanced: asked.refinanced.map(contractOf),
  };
}

/** An issue as it was written down: each repetition has the same terms. */
export type StoredTerms = Pick<
  StoredPayrollFigures,
  'installment_face_value' | 'first_due_date' | 'disbursement_date'
> & {
  readonly link: string;
  readonly number_of_installments: string | number;
  readonly monthly_interest_rate: string;
  readonly rebates?: StoredSimulation['rebates'];
  readonly reservation_method: 'creation' | 'issuing';
  readonly refinanced: StoredPayrollSimulation['asked']['refinanced'];
  readonly authority: string | null;
  readonly authority_document_number: string | null;
};
