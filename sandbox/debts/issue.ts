import { randomUUID } from 'node:crypto';
import { Decimal, type CalendarDate, type JsonObject, type JsonValue } from '../../src/kernel';
import { refusal, type Answer } from '../answer';
import type { Behaviour } from '../behaviour';
import { isText, listOf, objectOf, textOf } from '../fields';
import { readAccounts } from './accounts';
import { borrowerOf, borrowerProblems } from './borrower';
import type { CollateralDesk, ReadFinancial } from './collateral-desk';
import type { Debt, Offer, SignatureBatch } from './debt';
import { impossible, schemaError } from './financial';
import { priceInstallments, type Pricing } from './pricing';
import { isPrintedFor } from './printed-accounts';

/** Reads `POST /debt` of one product: the debt it opens, or the refusal that QI would answer. */
export function readDebt(
  body: JsonObject,
  desk: CollateralDesk,
  contract: Behaviour['contract'],
  at: { readonly now: Date; readonly today: CalendarDate },
  batch: SignatureBatch | undefined,
): Debt | Answer {
  const borrower = objectOf(body['borrower']);
  const collateral = objectOf(listOf(body['collaterals'])[0]);
  const problems = {
    ...borrowerProblems(borrower, desk.borrowerTexts),
    ...desk.collateralProblems(body),
    ...(collateral['percentage'] === undefined ? { 'collaterals.0.percentage': 'required' } : {}),
  };
  if (Object.keys(problems).length > 0) return schemaError(problems);
  const accounts = readAccounts(accountsOf(body));
  if (accounts?.every((account) => isPrintedFor(desk.product, account)) !== true)
    return refusal(400, 'Invalid disbursement bank account', 'COP000157');
  const financial = desk.readFinancial(body, at.today, contract);
  if (!isRead(financial)) return financial;
  const options = optionsOf(financial);
  if (options === undefined) return impossible();
  return {
    key: randomUUID(),
    product: desk.product,
    borrower: borrowerOf(borrower),
    requesterIdentifierKey: textOf(body['requester_identifier_key']) || randomUUID(),
    contractNumber: `${String(at.now.getTime()).slice(-10)}/PAD`,
    paysOff: financial.paysOff ?? new Decimal(0),
    refinanced: listOf(body['refinanced_credit_operations'])
      .map((each) => objectOf(each)['operation_key'])
      .filter(isText),
    batch,
    documentKey: randomUUID(),
    openedAt: at.now,
    issuedOn: at.today,
    offer: financial.offer,
    options,
    collateral: {
      key: randomUUID(),
      externalKey: randomUUID(),
      data: objectOf(collateral['collateral_data']),
      state: 'pending',
      attempts: [],
      pendingSince: undefined,
      epoch: 0,
    },
    accounts,
    disbursementDate: undefined,
    state: 'waiting_signature',
    canceled: undefined,
    history: [{ at: at.now.toISOString(), state: 'waiting_signature' }],
    commands: [],
    paid: undefined,
    reversal: undefined,
    epoch: 0,
  };
}

/** One account, or a list of them: both are in use. */
function accountsOf(body: JsonObject): JsonValue | undefined {
  const one = body['disbursement_bank_account'];
  return one === undefined ? body['disbursement_bank_accounts'] : [one];
}

const isRead = (value: ReadFinancial | Answer): value is ReadFinancial => 'offer' in value;

export const isDebt = (value: Debt | Answer): value is Debt => 'collateral' in value;

function optionsOf({ offer, dates, paysOff }: ReadFinancial): Map<CalendarDate, Pricing> | undefined {
  const options = new Map<CalendarDate, Pricing>();
  for (const date of dates) {
    const pricing = priceOn(offer, date);
    if (pricing?.disbursedIssueAmount.gt(paysOff ?? 0) !== true) return undefined;
    options.set(date, pricing);
  }
  return options;
}

export function priceOn(offer: Offer, disbursementDate: CalendarDate): Pricing | undefined {
  return priceInstallments({ ...offer.terms, disbursementDate }, offer.installments);
}

/** The product of a request, by its collateral. */
export function collateralTypeOf(body: JsonObject): string | undefined {
  const type = objectOf(listOf(body['collaterals'])[0])['collateral_type'];
  return isText(type) ? type : undefined;
}
