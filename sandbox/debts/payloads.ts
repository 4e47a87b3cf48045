import { randomUUID } from 'node:crypto';
import { Decimal, itemAt, type JsonObject } from '../../src/kernel';
import { QI_ACCOUNT, pixRefusal } from '../payloads';
import { isoMicroseconds, isoWithoutZone, spaced } from '../printed-time';
import type { Debt } from './debt';
import type { Pricing } from './pricing';
import { debtOption, ratesOf } from './printing';

/** What QI answers and tells about a debt that the partner issued. */

/** The full picture: every option when it was just made, none when only its news is told. */
export function debtBody(
  debt: Debt,
  at: Date,
  collateralType: string,
  collateralData: JsonObject,
  options: readonly Pricing[] = [],
): JsonObject {
  const { borrower, collateral } = debt;
  const fgts = debt.product === 'fgts';
  const created = isoMicroseconds(debt.openedAt);
  return {
    data: {
      borrower: {
        document_number: borrower.documentNumber,
        name: borrower.name,
        ...(fgts ? { related_party_key: debt.documentKey } : {}),
      },
      collaterals: [
        {
          absolute_amount: null,
          collateral_constituted: collateral.state === 'constituted',
          collateral_data: collateralData,
          collateral_key: collateral.key,
          collateral_type: collateralType,
          created_at: created,
          external_key: fgts ? collateral.externalKey : debt.key,
          percentage: new Decimal(1),
          updated_at: created,
        },
      ],
      contract: contractBody(debt),
      ...(options.length === 0
        ? {}
        : { disbursement_options: options.map((each) => debtOption(each, debt.product)) }),
      ...(fgts ? { entry: null, prefixed_interest_rate: ratesWithTime(debt) } : {}),
      iof_charge_method: 'financed',
      requester_identifier_key: debt.requesterIdentifierKey,
    },
    event_datetime: spaced(at),
    key: debt.key,
    status: printedState(debt),
    webhook_type: 'debt',
  };
}

/** The debt with one option, whose figures stand beside the rest: the answer to a change of date. */
export function debtWithOption(body: JsonObject, debt: Debt, pricing: Pricing): JsonObject {
  const data = body['data'];
  return { ...body, data: { ...(data as JsonObject), ...debtOption(pricing, debt.product) } };
}

/** Words of QI's own: what is waited for inside a signed debt shows only as far as payment goes. */
function printedState(debt: Debt): string {
  switch (debt.state) {
    case 'signature_received':
      return 'waiting_signature';
    case 'canceling':
    case 'refunded':
      return 'canceled';
    default:
      return debt.state;
  }
}

function contractBody(debt: Debt): JsonObject {
  const signer: JsonObject = {
    signature_url: null,
    signer_document_number: debt.borrower.documentNumber,
    signer_email: debt.borrower.email,
    signer_external_key: null,
    signer_name: debt.borrower.name,
    signer_role: 'issuer',
  };
  return {
    number: debt.contractNumber,
    [debt.product === 'fgts' ? 'signers' : 'signature_information']: [signer],
    urls: [`https://storage.googleapis.com/sandbox-doc-api/documents/${debt.documentKey}/CCB.pdf`],
  };
}

function ratesWithTime(debt: Debt): JsonObject {
  const pricing = itemAt([...debt.options.values()], 0);
  return { ...ratesOf(pricing), created_at: isoWithoutZone(debt.openedAt) };
}

export function signatureReceived(key: string, at: Date): JsonObject {
  return { data: {}, event_datetime: spaced(at), key, status: 'signature_received', webhook_type: 'debt' };
}

/** No data at all, as printed. */
export function signatureFinished(key: string, at: Date): JsonObject {
  return { webhook_type: 'debt', key, event_datetime: spaced(at), status: 'signature_finished' };
}

export function debtSettled(key: string, at: Date): JsonObject {
  return { key, status: 'settled', webhook_type: 'debt', event_datetime: spaced(at), data: {} };
}

export function debtCanceledFor(
  key: string,
  at: Date,
  status: string,
  reason: string,
  enumerator: string,
): JsonObject {
  return {
    key,
    data: { cancel_reason: reason, cancel_reason_enumerator: enumerator },
    status,
    webhook_type: 'debt',
    event_datetime: spaced(at),
  };
}

export function collateralNews(
  key: string,
  at: Date,
  collateralType: string,
  constituted: boolean,
  data?: JsonObject,
): JsonObject {
  return {
    key,
    data: {
      ...(data === undefined ? {} : { collateral_data: data }),
      collateral_type: collateralType,
      collateral_constituted: constituted,
    },
    event_time: spaced(at),
    webhook_type: 'credit_operation.collateral',
  };
}

/** In a `webhook` wrapper and without `installment_number`, as printed. */
export function debtDisbursed(debt: Debt, pricing: Pricing, at: Date): JsonObject {
  return {
    webhook: {
      key: debt.key,
      data: {
        installments: pricing.installments.map((each) => ({
          due_date: each.dueDate,
          total_amount: each.totalAmount,
          installment_key: randomUUID(),
          pre_fixed_amount: each.interest,
          principal_amortization_amount: each.amortization,
        })),
        ted_receipt_list: debt.accounts.map((_, i) =>
          receipt(debt, i, pricing.disbursedIssueAmount.minus(debt.paysOff), at),
        ),
        requester_identifier_key: debt.requesterIdentifierKey,
      },
      status: 'disbursed',
      webhook_type: 'debt',
      event_datetime: spaced(at),
    },
  };
}

export function paymentSentBack(
  debt: Debt,
  pricing: Pricing,
  at: Date,
  reason: 'ted_refusal' | 'pix_refusal',
  status: string,
): JsonObject {
  const { fee, origin, timestamp, description, destination, transaction_key, amount } = receipt(
    debt,
    0,
    pricing.disbursedIssueAmount.minus(debt.paysOff),
    at,
  );
  const ted: JsonObject = {
    transaction_key: transaction_key ?? null,
    description: description ?? null,
    origin: origin ?? null,
    fee: fee ?? null,
    reason_enumerator: 'agencia_conta_invalida',
    timestamp: timestamp ?? null,
    amount: amount ?? null,
    reason: 'Agência ou Conta Destinatária do Crédito Inválida',
    destination: destination ?? null,
  };
  return {
    key: debt.key,
    status,
    webhook_type: 'debt',
    event_datetime: spaced(at),
    data: { [reason]: reason === 'ted_refusal' ? ted : pixRefusal, cancel_reason: reason },
  };
}

function receipt(debt: Debt, index: number, total: Decimal, at: Date): JsonObject {
  const account = itemAt(debt.accounts, index);
  const { sent } = account;
  const time = isoWithoutZone(at);
  const { name } = debt.borrower;
  return {
    fee: new Decimal(0),
    url: `https://storage.googleapis.com/sandbox-doc-api/documents/${debt.documentKey}/receipt.pdf`,
    amount: total.div(debt.accounts.length).toDecimalPlaces(2),
    origin: QI_ACCOUNT,
    timestamp: time,
    description: `18236120 0001 ${account.documentNumber} - ${name}`,
    destination: {
      name,
      type: 'checking_account',
      branch: sent['branch_number'] ?? '0001',
      purpose: account.byPix ? 'Crédito PIX em Conta' : 'Crédito em Conta',
      document: account.documentNumber,
      bank_ispb: sent['ispb_number'] ?? '18236120',
      branch_digit: null,
      account_digit: sent['account_digit'] ?? '0',
      account_number: sent['account_number'] ?? '0',
      financial_institution_name: 'NU PAGAMENTOS - IP',
    },
    end_to_end_id: `E32402502${time.replace(/\D/g, '').slice(0, 12)}${randomUUID().replaceAll('-', '').slice(0, 11)}`,
    transaction_key: randomUUID(),
    origin_transaction_key: randomUUID(),
  };
}
