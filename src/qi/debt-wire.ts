import { Decimal, type Cpf, type JsonObject, type JsonValue } from '../kernel';
import type { FgtsIssueOrder } from '../origination';

/** What the bodies of debts share, whatever the product. */
export const NO_GRACE = { interest_grace_period: new Decimal(0), principal_grace_period: new Decimal(0) };

export function borrowerBody({
  person,
  cpf,
}: Pick<FgtsIssueOrder, 'person'> & { readonly cpf: Cpf }): JsonObject {
  return {
    person_type: 'natural',
    ...withoutUndefined(person),
    phone: { ...person.phone },
    address: withoutUndefined(person.address),
    individual_document_number: cpf.reveal(),
  };
}

/** Rebates in percent points or reais; an auction's proposal and a debt hold them alike (manual 003). None are not named. */
export function rebatesBody(rebates: FgtsIssueOrder['rebates']): { readonly rebates?: JsonObject[] } {
  if (rebates.length === 0) return {};
  return {
    rebates: rebates.map(({ feeType, amountType, amount }) => ({
      fee_type: feeType,
      amount_type: amountType,
      amount,
    })),
  };
}

export function withoutUndefined(object: object): JsonObject {
  return Object.fromEntries(
    Object.entries(object).filter((entry): entry is [string, JsonValue] => entry[1] !== undefined),
  );
}
