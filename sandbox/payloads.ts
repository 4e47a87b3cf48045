import { randomUUID } from 'node:crypto';
import { Decimal, type JsonObject } from '../src/kernel';
import type { Simulation } from './arithmetic';
import { dayFirst, isoMicroseconds, isoWithoutZone, isoZ, localWithZ, spaced } from './printed-time';
import type { LoanPlan } from './loan-plan';

/** Every body the sandbox sends, in the shape that QI's manuals print, odd time formats and wrappers included. */

const integer = (value: number): Decimal => new Decimal(value);

export function newIssuerProposalRequest(input: {
  readonly key: string;
  readonly at: Date;
  readonly limitAt: Date;
  readonly expiresAt: Date;
  readonly deadlineZone: 'local' | 'utc';
  readonly request: JsonObject;
}): JsonObject {
  const printDeadline = input.deadlineZone === 'local' ? localWithZ : isoZ;
  return {
    status: 'ongoing',
    event_datetime: isoZ(input.at),
    key: input.key,
    webhook_type: 'laas.private_payroll_auction.new_issuer_proposal_request',
    data: {
      issuer_proposal_request_key: input.key,
      status: 'ongoing',
      expiration_datetime: printDeadline(input.expiresAt),
      inclusion_limit_datetime: printDeadline(input.limitAt),
      issuer_proposal_request_data: input.request,
    },
  };
}

export function proposalAccepted(input: {
  readonly at: Date;
  readonly auctionProposalKey: string;
  readonly issuerProposalRequestKey: string;
  readonly proposal: JsonObject;
  readonly rankPosition: number | null;
  readonly simulation: Simulation;
}): JsonObject {
  const { proposal, simulation } = input;
  const term = proposal['number_of_installments'] ?? null;
  return {
    auction_proposal_key: input.auctionProposalKey,
    issuer_proposal_request_key: input.issuerProposalRequestKey,
    request_control_key: proposal['request_control_key'] ?? null,
    status: 'bid',
    proposal_score: new Decimal('0.4'),
    inclusion_date: isoMicroseconds(input.at),
    rank_position: input.rankPosition === null ? null : integer(input.rankPosition),
    proposal_data: {
      simulation: {
        total_iof: simulation.totalIof,
        annual_cet: simulation.annualCet,
        monthly_cet: simulation.monthlyCet,
        issue_amount: simulation.issueAmount,
        annual_interest_rate: simulation.annualInterestRate,
        monthly_interest_rate: proposal['monthly_interest_rate'] ?? null,
        disbursed_issue_amount: simulation.disbursedIssueAmount,
        installment_face_value: simulation.installmentFaceValue,
        number_of_installments: term,
      },
      monthly_interest_rate: null,
      disbursed_issue_amount: proposal['disbursed_issue_amount'] ?? null,
      installment_face_value: simulation.installmentFaceValue,
      number_of_installments: term,
    },
  };
}

export function endOfAuction(input: {
  readonly at: Date;
  readonly auctionProposalKey: string;
  readonly issuerProposalRequestKey: string;
  readonly status: string;
  readonly rankPosition: number | null;
  readonly creditOperationKey: string | null;
}): JsonObject {
  return {
    key: input.auctionProposalKey,
    data: {
      auction_proposal_key: input.auctionProposalKey,
      status: input.status,
      type: 'auction',
      rank_position: input.rankPosition === null ? null : integer(input.rankPosition),
      signature_url:
        input.creditOperationKey === null
          ? null
          : `https://sandbox.sign.qitech.com.br/r/${input.creditOperationKey.slice(0, 7)}`,
      credit_operation_key: input.creditOperationKey,
      issuer_proposal_request_key: input.issuerProposalRequestKey,
    },
    status: input.status,
    event_datetime: isoZ(input.at),
    webhook_type: 'laas.private_payroll_auction.end_of_auction',
  };
}

export interface Person {
  readonly name: string;
  readonly documentNumber: string;
  readonly birthDate: string;
}

/** No `data`, the signers on top, the CPF punctuated: as printed. */
export function signed(key: string, at: Date, signer: Person, evidence: LoanPlan['evidence']): JsonObject {
  const document = evidence.signer_document_number ?? signer.documentNumber;
  const image = (bucket: string): string => `https://${bucket}-sandbox.s3.amazonaws.com/${randomUUID()}.jpeg`;
  return {
    key,
    status: 'signed',
    signers: [
      {
        id: randomUUID(),
        images: {
          face_image_url: image('qisign-face-images-bucket'),
          document_back_url: image('qisign-personal-documents-bucket'),
          document_front_url: image('qisign-personal-documents-bucket'),
          document_back_template: 'cnh_back',
          document_front_template: 'cnh_front',
        },
        biometry: {
          face_validation: {
            score: integer(evidence.face_validation_score),
            provider: 'qitech',
            available: evidence.face_validation_available,
          },
          fraud_base_flag: evidence.fraud_base_flag,
        },
        document: { template: 'cnh_front', face_match_score: integer(evidence.face_match_score) },
        liveness: { result: evidence.liveness },
        signed_at: isoZ(new Date(at.getTime() - 40_000)),
        ip_address: '203.0.113.7',
        signer_data: {
          name: signer.name,
          email: 'trabalhador@exemplo.com.br',
          phone: { number: '900000000', area_code: '11', international_dial_code: '55' },
          address: {
            uf: 'SP',
            city: 'Sao Paulo',
            number: '123',
            street: 'Rua do Exemplo',
            complement: 'Ap 23',
            postal_code: '00000-000',
            neighborhood: 'Pinheiros',
          },
          pix_key: 'trabalhador@exemplo.com.br',
          birthdate: signer.birthDate,
          document_number: document.replace(/^(\d{3})(\d{3})(\d{3})(\d{2})$/, '$1.$2.$3-$4'),
          document_submission_method: 'email',
          authentication_submission_method: 'sms',
        },
      },
    ],
    webhook_type: 'laas.credit_operation.status_change',
    event_datetime: spaced(at),
    signed_contract_url: `https://storage.googleapis.com/sandbox-doc-api/documents/${key}/SANDBOX-TRABALHADOR-CCB-${contractNumber(key)}-${isoWithoutZone(at).replace(/\D/g, '')}_signed.pdf`,
  };
}

/** Ten digits, always the same for one loan. */
const contractNumber = (key: string): string =>
  String(Number.parseInt(key.replace(/\W/g, '').slice(0, 8), 16) || 1).padStart(10, '0');

const SIGNATURE_FAILURES: Readonly<Record<string, string>> = {
  face_validation_score: 'Validação facial não alcançou a pontuação mínima permitida',
};

export function operationCanceled(key: string, at: Date, enumerator: string): JsonObject {
  return {
    key,
    data: {
      cancel_reason: SIGNATURE_FAILURES[enumerator] ?? 'Operação cancelada',
      cancel_reason_enumerator: enumerator,
    },
    status: 'canceled',
    webhook_type: 'laas.credit_operation.status_change',
    event_datetime: spaced(at),
  };
}

export function pendingAuthorization(key: string, at: Date): JsonObject {
  return {
    webhook_type: 'laas.private_payroll.reservation_status_change',
    data: { reservation_status: 'pending_requester_authorization' },
    key,
    event_datetime: isoZ(at),
    status: 'pending_requester_authorization',
  };
}

/** The one that comes in a `webhook` wrapper, and with `event_time`. */
export function collateralConstituted(key: string, at: Date): JsonObject {
  return {
    webhook: {
      key,
      data: { collateral_data: {}, collateral_type: 'private_payroll', collateral_constituted: true },
      event_time: spaced(at),
      webhook_type: 'credit_operation.collateral',
    },
  };
}

export function collateralRefused(key: string, at: Date, enumerator: string): JsonObject {
  return {
    key,
    data: {
      collateral_data: {
        status: 'pending_reservation',
        last_response: { errors: [{ enumerator }] },
        last_response_event_datetime: isoZ(at),
      },
      collateral_type: 'private_payroll',
      collateral_constituted: false,
    },
    event_time: spaced(at),
    webhook_type: 'credit_operation.collateral',
  };
}

/** The newer webhook for the same news (public documentation, not in the manuals). */
export function reservationFailure(
  key: string,
  reservationKey: string,
  at: Date,
  enumerator: string,
): JsonObject {
  return {
    webhook_type: 'laas.private_payroll.reservation_failure',
    key,
    status: 'pending_reservation',
    event_datetime: isoZ(at),
    data: {
      reservation_key: reservationKey,
      reservation_status: 'pending_reservation',
      reservation_type: 'new_credit',
      reasons: [{ enumerator, description: enumerator.replaceAll('_', ' ') }],
    },
  };
}

export interface Payout {
  readonly amount: Decimal;
  readonly installment: Decimal;
  readonly dueDates: readonly string[];
  readonly borrower: Person;
}

export const QI_ACCOUNT: JsonObject = {
  name: 'QI SOCIEDADE DE CRÉDITO DIRETO S.A.',
  type: 'payment_account',
  branch: '0001',
  document: '32402502000135',
  bank_code: '329',
  account_key: '65463575-3456-4345-9787-146868523667',
  branch_digit: null,
  account_digit: '1',
  account_branch: '0001',
  account_number: '0000025',
  financial_institution_name: 'QI SCD S.A.',
};

export function disbursed(key: string, at: Date, payout: Payout): JsonObject {
  return {
    key,
    data: {
      installments: payout.dueDates.map((dueDate, i) => ({
        due_date: dueDate,
        total_amount: payout.installment,
        installment_key: randomUUID(),
        pre_fixed_amount: payout.installment,
        installment_number: integer(i + 1),
        principal_amortization_amount: integer(0),
      })),
      ted_receipt_list: [
        {
          fee: integer(0),
          url: `https://storage.googleapis.com/sandbox-doc-api/receipts/${key}.pdf`,
          amount: payout.amount,
          origin: QI_ACCOUNT,
          timestamp: isoWithoutZone(at),
          description: `18236120 0001 71234489-3 ${payout.borrower.documentNumber} - ${payout.borrower.name}`,
          destination: {
            name: payout.borrower.name,
            type: 'checking_account',
            branch: '0001',
            purpose: 'Crédito PIX em Conta',
            document: payout.borrower.documentNumber,
            bank_ispb: '18236120',
            branch_digit: null,
            account_digit: '3',
            account_number: '71234489',
            financial_institution_name: 'NU PAGAMENTOS - IP',
          },
          end_to_end_id: `E32402502${isoWithoutZone(at).replace(/\D/g, '').slice(0, 12)}${randomUUID().replaceAll('-', '').slice(0, 11)}`,
          transaction_key: randomUUID(),
          origin_transaction_key: randomUUID(),
        },
      ],
      requester_identifier_key: randomUUID(),
    },
    status: 'disbursed',
    webhook_type: 'debt',
    event_datetime: spaced(at),
  };
}

export function paymentRefused(key: string, at: Date, reason: string, payout: Payout): JsonObject {
  const detail = reason === 'ted_refusal' ? tedRefusal(at, payout) : pixRefusal;
  return {
    key,
    status: 'canceled',
    webhook_type: 'debt',
    event_datetime: spaced(at),
    data: { [reason]: detail, cancel_reason: reason },
  };
}

export const pixRefusal: JsonObject = {
  reason_enumerator: 'invalid_document_number',
  reason: 'CPF/CNPJ do usuário recebedor não é compatível com o titular da conta de destino.',
};

function tedRefusal(at: Date, payout: Payout): JsonObject {
  return {
    transaction_key: randomUUID(),
    description: `341 0000 000000-7 ${payout.borrower.documentNumber} - ${payout.borrower.name}`,
    origin: QI_ACCOUNT,
    fee: integer(0),
    reason_enumerator: 'agencia_conta_invalida',
    timestamp: isoWithoutZone(at),
    amount: payout.amount,
    reason: 'Agência ou Conta Destinatária do Crédito Inválida',
    destination: {
      branch: '0000',
      account_number: '000000',
      name: payout.borrower.name,
      purpose: 'Crédito em Conta',
      type: 'checking_account',
      branch_digit: null,
      document: payout.borrower.documentNumber,
      bank_code: '341',
      account_digit: '7',
    },
  };
}

export function debtCanceled(key: string, at: Date, status: string): JsonObject {
  return { key, status, webhook_type: 'debt', event_datetime: spaced(at), data: {} };
}

/** Day first, Sao Paulo's clock: the form of reservation receipts. */
export function receipt(
  type: string,
  at: Date,
  contractNumber: string,
  installment: Decimal,
  term: number,
): JsonObject {
  return {
    receipt_url: `https://storage.googleapis.com/sandbox-doc-api/protocols/${contractNumber}-${type}.pdf`,
    receipt_data: {
      contract_number: contractNumber,
      protocol_number: String(at.getTime()).slice(-11),
      ...(type === 'reservation' ? { reservation_competence: at.toISOString().slice(0, 7) } : {}),
      installment_value: installment,
      protocol_type: type,
      number_of_installments: integer(term),
      operation_datetime: dayFirst(at),
    },
    protocol_key: randomUUID(),
  };
}
