/** SIAPE's words (QI manual 002 and the newer pages), and what QI does about each. */

export const BALANCE_ERRORS: Readonly<Record<string, string>> = {
  unauthorized_institution: 'Institution is not authorized to search for client.',
  inexistent_relationship: 'This client does not have any known federal employment relationship.',
  invalid_document_number: 'Invalid document number',
  inactive_federal_employee: 'Inactive federal employee',
  deceased_federal_employee: 'Deceased federal employee',
  mock_error: 'Informed document number is not a valid mock on test environment',
};

/** Those that QI's mock lets through everything. */
export const SERVANTS: ReadonlySet<string> = new Set([
  '25256363506',
  '03137300088',
  '20472510010',
  '67050758051',
  '59669701066',
]);

/** Has authorised nothing. */
export const UNAUTHORIZED_SERVANT = '71987878353';

/** Failures of a reservation after which QI goes on trying; every other one cancels the contract. */
export const RETRIED_FAILURES: ReadonlySet<string> = new Set([
  'unauthorized_institution',
  'waiting_for_origin_contract_closure',
]);
