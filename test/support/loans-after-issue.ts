import type { JsonObject } from '../../src/kernel';

/** What QI tells of a loan of one product after its issue (or its win), in the words of that product's manual. */
export interface LoanAfterIssue {
  readonly product: 'private_payroll' | 'fgts' | 'federal_payroll';
  readonly signed: JsonObject;
  /** Normal waits between the signature and the guarantee, which are no failures. */
  readonly waits: readonly JsonObject[];
  readonly bound: JsonObject;
  /** A guarantee that QI could not bind, with everything it says of that. */
  readonly refused: (code: string) => readonly JsonObject[];
  /** After which QI goes on by itself, after which it gives up, and one that nobody can explain. */
  readonly retried: readonly string[];
  readonly givenUp: readonly string[];
  readonly unexplained: readonly string[];
  readonly paid: JsonObject;
  readonly paymentRefused: JsonObject;
  /** Of a loan whose guarantee was bound: everything QI says when it is gone for good. */
  readonly gone: readonly JsonObject[];
}

const KEY = 'loan';
const debt = (status: string, data: JsonObject = {}): JsonObject => ({
  webhook_type: 'debt',
  key: KEY,
  status,
  event_datetime: '2026-11-27 12:00:00',
  data,
});
const collateral = (type: string, constituted: boolean, data?: JsonObject): JsonObject => ({
  webhook_type: 'credit_operation.collateral',
  key: KEY,
  event_time: '2026-11-27 12:00:00',
  data: {
    collateral_type: type,
    collateral_constituted: constituted,
    ...(data && { collateral_data: data }),
  },
});
const signed = debt('signature_finished');
const paid = debt('disbursed', { ted_receipt_list: [], installments: [] });
const paymentRefused = debt('canceled', { cancel_reason: 'ted_refusal' });
const gone = debt('canceled_permanently');

const PRIVATE_PAYROLL: LoanAfterIssue = {
  product: 'private_payroll',
  signed,
  waits: [
    {
      webhook_type: 'laas.private_payroll.reservation_status_change',
      key: KEY,
      status: 'pending_requester_authorization',
      data: { reservation_status: 'pending_requester_authorization' },
    },
    collateral('private_payroll', false, { status: 'pending_reservation' }),
  ],
  bound: collateral('private_payroll', true),
  refused: (enumerator) => [
    collateral('private_payroll', false, { last_response: { errors: [{ enumerator }] } }),
  ],
  retried: ['margin_exceeded', 'monthly_interest_rate_exceeds_active_proposal'],
  givenUp: ['allowed_number_of_contracts_exceeded', 'employment_relationship_blocked'],
  unexplained: ['payroll_closed_for_audit'],
  paid,
  paymentRefused,
  gone: [gone],
};

const FGTS: LoanAfterIssue = {
  product: 'fgts',
  signed,
  waits: [collateral('fgts', false, { reservation_request_status: 'pending', error_message: 'None' })],
  bound: collateral('fgts', true),
  // A cancelled debt with any other reason is a payment that failed: the code alone tells the two apart.
  refused: (code) => [
    code.startsWith('fgts_')
      ? debt('canceled', { cancel_reason: 'texto', cancel_reason_enumerator: code })
      : collateral('fgts', false, { last_response: { errors: [{ enumerator: code }] } }),
  ],
  retried: ['fgts_unauthorized_institution', 'fgts_on_locked_date_range'],
  givenUp: [
    'fgts_invalid_given_period',
    'fgts_processing_pending_changes',
    'fgts_insufficient_balance',
    'fgts_inexistent_anniversary_membership',
    'fgts_period_rejected',
    'fgts_deletion_request',
    'fgts_protocol_removed',
    'fgts_insufficient_balance_available',
    'fgts_insufficient_balance_for_guarantee',
    'fgts_fgts_accounts_not_found',
  ],
  unexplained: ['caixa_says_something_new', 'fgts_says_something_new'],
  paid,
  paymentRefused,
  gone: [gone],
};

const FEDERAL_PAYROLL: LoanAfterIssue = {
  product: 'federal_payroll',
  signed,
  waits: [collateral('federal_payroll', false, { reservation_status: 'pending_consent' })],
  bound: collateral('federal_payroll', true),
  refused: (enumerator) => [
    collateral('federal_payroll', false, { reservation_status: 'failure', enumerator }),
    ...(SIAPE_RETRIED.includes(enumerator) ? [] : [unsecured]),
  ],
  retried: ['unauthorized_institution', 'waiting_for_origin_contract_closure'],
  givenUp: ['consent_refused', 'consent_expired', 'invalid_balance', 'origin_contract_not_found'],
  unexplained: ['expired_portability', 'siape_says_something_new'],
  paid,
  paymentRefused,
  gone: [
    gone,
    collateral('federal_payroll', false, {
      reservation_status: 'deleted',
      enumerator: 'successfully_deleted',
    }),
  ],
};

const SIAPE_RETRIED = ['unauthorized_institution', 'waiting_for_origin_contract_closure'];
const unsecured = debt('canceled', {
  cancel_reason: 'texto',
  cancel_reason_enumerator: 'not_collateral_constituted',
});

export const LOANS_AFTER_ISSUE: readonly LoanAfterIssue[] = [PRIVATE_PAYROLL, FGTS, FEDERAL_PAYROLL];
