import { canonicalJson, isValidCnpj, type Decimal, type JsonObject } from '../src/kernel';
import type { LoanAmount } from './arithmetic';
import { areRebates } from './debts/fees';
import { isAmount, isFraction, isNumber, isText, isWhole } from './fields';

/** A proposal as the sandbox understood it. */
export interface ProposalTerms {
  readonly requestControlKey: string | undefined;
  readonly amount: LoanAmount;
  readonly monthlyInterestRate: Decimal;
  readonly numberOfInstallments: number;
  /** One text per meaning of everything but the control key: tells a repetition from a new offer. */
  readonly fingerprint: string;
}

export type ReadProposal =
  | { readonly ok: true; readonly terms: ProposalTerms }
  | { readonly ok: false; readonly problems: JsonObject };

const LONGEST_TERM = 144;

/** Checks a proposal's body against manual 003; every wrong field is named. */
export function readProposal(body: JsonObject): ReadProposal {
  const problems: JsonObject = {};
  const need = (field: string, valid: boolean, message: string): void => {
    if (!valid) problems[field] = message;
  };
  const rate = body['monthly_interest_rate'];
  const term = body['number_of_installments'];
  const disbursed = body['disbursed_issue_amount'];
  const installment = body['installment_face_value'];
  const days = body['days_to_expiration'];
  const controlKey = body['request_control_key'];
  const document = body['purchaser_document_number'];

  need('monthly_interest_rate', isFraction(rate), 'a fraction from 0 to 1');
  need('number_of_installments', isWhole(term, 1, LONGEST_TERM), `a whole number from 1 to ${LONGEST_TERM}`);
  need(
    'disbursed_issue_amount',
    disbursed === undefined || isAmount(disbursed),
    'a positive amount in whole cents',
  );
  need(
    'installment_face_value',
    installment === undefined || isAmount(installment),
    'a positive amount in whole cents',
  );
  need('days_to_expiration', days === undefined || isWhole(days, 1, 365), 'a whole number of days');
  need('request_control_key', controlKey === undefined || isText(controlKey), 'a text');
  need(
    'purchaser_document_number',
    typeof document === 'string' && isValidCnpj(document),
    'a CNPJ of 14 characters',
  );
  need('rebates', areRebates(body['rebates']), 'a list of fee_type, amount_type and amount');
  if ((disbursed === undefined) === (installment === undefined)) {
    problems['disbursed_issue_amount'] ??= 'exactly one of disbursed_issue_amount and installment_face_value';
  }
  const amount = isNumber(disbursed)
    ? { disbursedIssueAmount: disbursed }
    : isNumber(installment)
      ? { installmentFaceValue: installment }
      : undefined;
  if (Object.keys(problems).length > 0 || amount === undefined || !isNumber(rate) || !isNumber(term)) {
    return { ok: false, problems };
  }
  return {
    ok: true,
    terms: {
      requestControlKey: isText(controlKey) ? controlKey : undefined,
      amount,
      monthlyInterestRate: rate,
      numberOfInstallments: Number(term.toFixed()),
      fingerprint: canonicalJson({ ...body, request_control_key: null }),
    },
  };
}
