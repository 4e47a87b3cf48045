import { Decimal, type Cpf, type JsonObject } from '../kernel';
import type { PayrollIssueOrder, PayrollSimulationOrder } from '../origination';
import { borrowerBody, NO_GRACE, rebatesBody, withoutUndefined } from './debt-wire';

type Terms = Omit<PayrollSimulationOrder, 'cpf' | 'limitDays'>;

/** The manual's samples, as they are printed. */
const FINE = {
  monthly_rate: new Decimal('0.01'),
  interest_base: 'calendar_days',
  contract_fine_rate: new Decimal('0.02'),
};
/** A reservation of portability names the kind of credit (QI documentation, portability with refinancing). */
const PORTABILITY = { modality: { code: '0202' } };

/** QI's body of a margin query: of all links, or of one. */
export function marginBody(
  cpf: Cpf,
  employment: { readonly authorityCode: string; readonly registrationCode: string } | undefined,
): JsonObject {
  return {
    document_number: cpf.reveal(),
    ...(employment && {
      authority_code: employment.authorityCode,
      registration_code: employment.registrationCode,
    }),
  };
}

/** QI's body of a simulation (manual 002). */
export function payrollSimulationBody(order: PayrollSimulationOrder): JsonObject {
  return {
    borrower: { person_type: 'natural' },
    financial: {
      ...financialOf(order),
      limit_days_to_disburse: new Decimal(order.limitDays),
    },
    collaterals: [{ collateral_type: 'federal_payroll' }],
    ...refinancedOf(order),
  };
}

/**
 * QI's body of a debt (manual 002).
 * @param account where it is paid to; not always the borrower's own that they named
 */
export function payrollDebtBody(
  order: PayrollIssueOrder,
  purchaserDocumentNumber: string,
  account: JsonObject = accountBody(order.account),
): JsonObject {
  const {
    employment,
    person: { phone },
  } = order;
  return {
    borrower: {
      ...borrowerBody(order),
      phone: { ...phone, country_code: `+${phone.country_code.replace(/^0+/, '')}` },
      role_type: 'issuer',
    },
    financial: financialOf(order),
    simplified: true,
    collaterals: [
      {
        percentage: new Decimal(1),
        collateral_data: {
          reservation_type: order.refinanced.length > 0 ? 'refinancing' : 'new_credit',
          reservation_method: order.reservationMethod,
          authority_code: employment.authorityCode,
          pensioner_registration_code: employment.pensionerRegistrationCode ?? '',
          registration_code: employment.registrationCode,
          authority: withoutUndefined({
            description: order.authority,
            authority_document_number: order.authorityDocumentNumber,
          }),
        },
        collateral_type: 'federal_payroll',
      },
    ],
    requester_identifier_key: order.controlKey,
    disbursement_bank_account: account,
    purchaser_document_number: purchaserDocumentNumber,
    ...refinancedOf(order),
    ...(isPortability(order) && PORTABILITY),
  };
}

/** One of the contracts comes from another institution. */
export function isPortability({ refinanced }: Pick<Terms, 'refinanced'>): boolean {
  return refinanced.some(({ kind }) => kind === 'incoming');
}

function financialOf(order: Terms): JsonObject {
  return {
    first_due_date: order.firstDueDate,
    installment_face_value: order.installmentFaceValue,
    disbursement_date: order.disbursementDate,
    number_of_installments: new Decimal(order.numberOfInstallments),
    monthly_interest_rate: order.monthlyInterestRate,
    interest_type: 'pre_price_days',
    fine_configuration: FINE,
    credit_operation_type: 'ccb',
    ...rebatesBody(order.rebates),
    ...NO_GRACE,
  };
}

function refinancedOf({ refinanced }: Pick<Terms, 'refinanced'>): JsonObject {
  if (refinanced.length === 0) return {};
  return {
    refinanced_credit_operations: refinanced.map((contract) =>
      contract.kind === 'own'
        ? { operation_key: contract.operationKey }
        : {
            original_contract_number: contract.contractNumber,
            original_financial_institution_document_number: contract.institutionDocumentNumber,
            due_balance: contract.dueBalance,
            original_deadline: new Decimal(contract.deadline),
          },
    ),
  };
}

/** By PIX key, or into a bank account by PIX. */
function accountBody(account: PayrollIssueOrder['account']): JsonObject {
  return 'pix_key' in account
    ? { pix_transfer_type: 'key', ...withoutUndefined(account) }
    : { ...withoutUndefined(account), transfer_method: 'pix' };
}
