import { Cpf, normalizeCnpj, type JsonObject } from '../kernel';
import type { Borrower, Employer, ProposalRequest, WorkAlert } from '../auction/domain';
import { Fields } from './fields';
import { unreadable, type Unreadable } from './unreadable';

export type ProposalRequestReading =
  | { readonly kind: 'read'; readonly request: ProposalRequest }
  | Unreadable;

/**
 * `laas.private_payroll_auction.new_issuer_proposal_request` (QI manual 003, internal auction), unwrapped.
 * Only a missing or contradictory key makes it unreadable; everything else that cannot be read stays undefined,
 * is named in `problems`, and makes the rules that need it decline.
 */
export function readProposalRequest(document: JsonObject): ProposalRequestReading {
  const envelope = new Fields(document);
  const data = envelope.child('data');
  const facts = data.child('issuer_proposal_request_data');

  const [outerKey, innerKey] = [envelope.key('key'), data.key('issuer_proposal_request_key')];
  const key = innerKey ?? outerKey;
  if (key === undefined) return unreadable('key_missing');
  if (outerKey !== undefined && outerKey !== key) return unreadable('keys_disagree');

  return {
    kind: 'read',
    request: {
      key,
      status: readStatus(envelope, data),
      eventAtText: envelope.text('event_datetime', 'event_time'),
      inclusionLimitText: data.text('inclusion_limit_datetime'),
      expirationText: data.text('expiration_datetime'),
      borrower: readBorrower(facts),
      employer: readEmployer(facts),
      admissionDate: facts.date('admission_date'),
      eligible: facts.flag('eligible'),
      requestedAmount: facts.decimal('disbursed_issue_amount', 'disbursed_amount'),
      requestedInstallments: facts.count('number_of_installments'),
      consignedCreditBalance: facts.decimal('consigned_credit_balance'),
      alerts: facts.children('alerts')?.map(readAlert),
      problems: envelope.problems,
    },
  };
}

/** Two different words are no word: which one holds is not for us to choose. */
function readStatus(envelope: Fields, data: Fields): string | undefined {
  const [outer, inner] = [envelope.word('status'), data.word('status')];
  if (outer !== undefined && inner !== undefined && outer !== inner) {
    envelope.reject('status', 'is not the same as data.status');
    return undefined;
  }
  return inner ?? outer;
}

function readBorrower(facts: Fields): Borrower {
  return {
    name: facts.personName('name'),
    cpf: facts.cpf('document_number'),
    birthDate: facts.date('birth_date'),
    registration: facts.personalText('issuer_registration_number', 'issuer_registration_code'),
    politicalExposition: facts.word('political_exposition'),
  };
}

function readEmployer(facts: Fields): Employer {
  const typeText = facts.word('employer_document_type');
  const documentType = typeText === 'cnpj' || typeText === 'cpf' ? typeText : undefined;
  if (typeText !== undefined && documentType === undefined) {
    facts.reject('employer_document_type', 'is neither cnpj nor cpf');
  }
  const text = facts.text('employer_document_number');
  const documentNumber = text === undefined ? undefined : normalizeEmployerDocument(text, documentType);
  if (text !== undefined && documentNumber === undefined) {
    facts.reject('employer_document_number', 'is not a CNPJ or CPF');
  }
  return { documentType, documentNumber };
}

/**
 * Left zeros that a number lost come back. Eight characters are the root of a CNPJ, which names a company and no
 * establishment: padding it would make up another employer, so it is not a document here.
 */
function normalizeEmployerDocument(text: string, type: 'cnpj' | 'cpf' | undefined): string | undefined {
  const bare = text.replace(/[.\-/\s]/g, '');
  if (bare.length === 8) return undefined;
  const isCpf = type === 'cpf' || (type === undefined && bare.length === 11);
  if (isCpf) return Cpf.parse(text)?.reveal();
  if (type === undefined && bare.length !== 14) return undefined;
  return normalizeCnpj(text);
}

function readAlert(alert: Fields): WorkAlert {
  return {
    type: alert.word('alert_type') ?? 'unknown',
    referenceDate: alert.date('reference_date'),
    leaveReasonCode: alert.tableCode('leave_reason_code'),
    leaveStartDate: alert.date('leave_start_date'),
    leaveEndDate: alert.date('leave_end_date'),
    terminationReasonCode: alert.tableCode('termination_reason_code'),
    terminationDate: alert.date('termination_date'),
    noticePeriodStartDate: alert.date('notice_period_start_date'),
    noticePeriodEndDate: alert.date('notice_period_end_date'),
  };
}
