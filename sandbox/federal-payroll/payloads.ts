import type { CalendarDate, JsonObject } from '../../src/kernel';
import { Decimal } from '../../src/kernel';
import type { Behaviour } from '../behaviour';
import { isoZ } from '../printed-time';
import { BALANCE_ERRORS } from './outcomes';
import type { Link } from './servants';

type Contract = Behaviour['contract']['federal_payroll'];

export function balanceFound(
  input: {
    readonly key: string;
    readonly name: string;
    readonly links: readonly Link[];
    readonly at: Date;
    readonly referenceDate: CalendarDate;
    /** What each link has reserved, in their order. */
    readonly held: readonly Decimal[];
  },
  contract: Contract,
): JsonObject {
  const flat = contract.balance_shape === 'flat';
  const loanOnly = input.links.every((link) => link.facts.card_margin === undefined);
  const rows = input.links.map((link, i) =>
    flat ? flatLink(link, input.held[i] ?? new Decimal(0)) : linkAsInTheManual(link),
  );
  return {
    key: input.key,
    event_datetime: isoZ(input.at),
    ...(contract.untyped_loan_only && loanOnly ? {} : { webhook_type: contract.balance_webhook }),
    status: contract.success_word,
    data: flat
      ? { balance_query: rows }
      : { reference_date: `${input.referenceDate}T12:30:00Z`, name: input.name, balance_query: rows },
  };
}

/** `consigned_credit` and `consigned_card` hold what is free. */
function linkAsInTheManual({ facts, free, expirationDate }: Link): JsonObject {
  return {
    institution_authorized_for_credit_balance: facts.authorized,
    employment_relationship: facts.employment_relationship,
    employment_classification: facts.employment_classification,
    pensioner_registration_code: facts.pensioner_registration_code,
    registration_code: facts.registration_code,
    pension_validity: facts.pension_validity,
    pension_type: facts.pension_type,
    employment_functional_situation: facts.employment_functional_situation,
    authority: {
      code: facts.authority_code,
      authority_document_number: facts.authority_document_number,
      description: facts.description,
    },
    consigned_credit: { available_balance: free, expiration_date: expirationDate },
    ...(facts.card_margin === undefined
      ? {}
      : { consigned_card: { available_balance: new Decimal(facts.card_margin) } }),
    bank_account: { account: '00000111948**', bank_code: new Decimal(1), account_branch: '0338**' },
  };
}

/** The same names, as numbers, hold what is used. */
function flatLink({ facts, free }: Link, held: Decimal): JsonObject {
  return {
    available_balance: free,
    authority_code: facts.authority_code,
    registration_code: facts.registration_code,
    employment_relationship: 'active',
    consigned_credit: held,
    consigned_card: new Decimal(0),
  };
}

export function balanceRefused(key: string, at: Date, enumerator: string, contract: Contract): JsonObject {
  return {
    key,
    event_datetime: isoZ(at),
    webhook_type: contract.balance_webhook,
    status: contract.failure_word,
    data: { enumerator, description: BALANCE_ERRORS[enumerator] ?? enumerator },
  };
}

/** What a collateral webhook says of a failed reservation. */
export function failureData(enumerator: string, at: Date, shape: Contract['failure_shape']): JsonObject {
  const description = enumerator.replaceAll('_', ' ');
  if (shape === 'enumerator') return { reservation_status: 'failure', enumerator, description };
  return {
    status: 'pending_reservation',
    last_response: { errors: [{ enumerator }] },
    last_response_event_datetime: isoZ(at),
  };
}
