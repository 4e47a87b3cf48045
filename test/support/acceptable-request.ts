/** A request of somebody whom the seed policy takes, at a price that the sandbox accepts. */
export const ACCEPTABLE_REQUEST = {
  disbursed_issue_amount: 2100,
  number_of_installments: 24,
  consigned_credit_balance: 900,
  employer_document_type: 'cnpj',
  employer_document_number: '29113956000181',
  birth_date: '1985-03-01',
  admission_date: '2018-03-01',
};
