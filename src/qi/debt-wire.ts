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

export function withoutUndefined(object: object): JsonObject {
  return Object.fromEntries(
    Object.entries(object).filter((entry): entry is [string, JsonValue] => entry[1] !== undefined),
  );
}
