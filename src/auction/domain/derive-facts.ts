import {
  ageInYears,
  calendarDateAt,
  cnpjRoot,
  completedMonths,
  Decimal,
  hasValidCpfCheckDigits,
  hourAt,
  isValidCnpj,
  Personal,
  toCents,
} from '../../kernel';
import { NOTHING_OFFERED, type ProductFacts } from '../../policy/domain';
import { deriveAlertFacts } from './alert-facts';
import type { Employer, ProposalRequest } from './proposal-request';

/** What the facts of a request depend on besides the request. Undefined is not known, and stays so. */
export interface FactsContext {
  readonly now: Date;
  /** End of the auction's first window; undefined when it could not be read. */
  readonly deadline: Date | undefined;
  /** Our own offers that are still alive; `lowestRate` is the borrower's lowest monthly one, undefined without any. */
  readonly liveOffers: {
    readonly borrower: number | undefined;
    readonly employer: number | undefined;
    readonly lowestRate: Decimal | undefined;
  };
  /** Reais reserved and committed. */
  readonly exposure: { readonly borrower: Decimal | undefined; readonly employer: Decimal | undefined };
}

/** Everything rules may know of a request before it is priced. Nothing is defaulted: unknown stays undefined. */
export function deriveFacts(
  request: ProposalRequest,
  context: FactsContext,
): ProductFacts<'private_payroll'> {
  const today = calendarDateAt(context.now);
  const { borrower, employer, admissionDate, requestedAmount, requestedInstallments } = request;
  const { birthDate } = borrower;
  return {
    ...NOTHING_OFFERED,
    eligible: request.eligible,
    cpf_valid: borrower.cpf?.isValid,
    borrower_cpf: borrower.cpf,
    borrower_age: birthDate === undefined ? undefined : ageInYears(birthDate, today),
    political_exposition: borrower.politicalExposition,
    employer_document_type: employer.documentType,
    employer_document_valid: isValidDocument(employer),
    employer_document:
      employer.documentNumber === undefined ? undefined : Personal.text(employer.documentNumber),
    employer_root:
      employer.documentType === 'cnpj' && employer.documentNumber !== undefined
        ? cnpjRoot(employer.documentNumber)
        : undefined,
    admission_date: admissionDate,
    tenure_months: admissionDate === undefined ? undefined : completedMonths(admissionDate, today),
    requested_amount: requestedAmount,
    requested_installments: requestedInstallments,
    requested_installment: perInstallment(requestedAmount, requestedInstallments),
    margin: request.consignedCreditBalance,
    ...deriveAlertFacts(request.alerts, admissionDate, today),
    hour_of_day: hourAt(context.now),
    window_left_seconds: secondsUntil(context.deadline, context.now),
    borrower_live_offers: context.liveOffers.borrower,
    employer_live_offers: context.liveOffers.employer,
    borrower_lowest_live_rate: context.liveOffers.lowestRate,
    borrower_exposure: context.exposure.borrower,
    employer_exposure: context.exposure.employer,
  };
}

function isValidDocument({ documentType, documentNumber }: Employer): boolean | undefined {
  if (documentType === undefined || documentNumber === undefined) return undefined;
  return documentType === 'cnpj' ? isValidCnpj(documentNumber) : hasValidCpfCheckDigits(documentNumber);
}

function perInstallment(amount: Decimal | undefined, installments: number | undefined): Decimal | undefined {
  return amount === undefined || installments === undefined || installments < 1
    ? undefined
    : toCents(amount.dividedBy(installments));
}

function secondsUntil(deadline: Date | undefined, now: Date): number | undefined {
  return deadline === undefined ? undefined : Math.floor((deadline.getTime() - now.getTime()) / 1000);
}
