/** The webhooks of QI's manuals and documentation, by `webhook_type`. */
export const WEBHOOK_TYPES = {
  proposalRequest: 'laas.private_payroll_auction.new_issuer_proposal_request',
  auctionEnd: 'laas.private_payroll_auction.end_of_auction',
  creditOperation: 'laas.credit_operation.status_change',
  reservation: 'laas.private_payroll.reservation_status_change',
  reservationFailure: 'laas.private_payroll.reservation_failure',
  /** A paid loan whose borrower has another employer; QI's public pages alone have it. */
  renewedReservation: 'laas.private_payroll.renewed_reservation',
  collateral: 'credit_operation.collateral',
  debt: 'debt',
  /** The money of a paid loan on its way back; QI's public pages alone have it. */
  reversal: 'reversal',
  /** SIAPE margin query; the newer documentation spells it with a dot. */
  federalPayrollBalance: 'federal_payroll_balance',
  federalPayrollBalanceDotted: 'federal_payroll.balance',
  /** FGTS balance query. */
  availableBalance: 'available_balance',
  /** The same on QI's older pages. */
  fgtsAvailableBalance: 'fgts_available_balance',
} as const;

/** Webhooks that speak of one credit operation: `readOperationEvent` takes them. */
export const OPERATION_WEBHOOK_TYPES: readonly string[] = [
  WEBHOOK_TYPES.creditOperation,
  WEBHOOK_TYPES.reservation,
  WEBHOOK_TYPES.reservationFailure,
  WEBHOOK_TYPES.renewedReservation,
  WEBHOOK_TYPES.collateral,
  WEBHOOK_TYPES.debt,
  WEBHOOK_TYPES.reversal,
];

/** Answers to FGTS balance queries: `readBalanceNews` takes them. */
export const FGTS_BALANCE_WEBHOOK_TYPES: readonly string[] = [
  WEBHOOK_TYPES.availableBalance,
  WEBHOOK_TYPES.fgtsAvailableBalance,
];

/** Answers to SIAPE margin queries: `readMarginNews` takes them. */
export const MARGIN_WEBHOOK_TYPES: readonly string[] = [
  WEBHOOK_TYPES.federalPayrollBalance,
  WEBHOOK_TYPES.federalPayrollBalanceDotted,
];
