import type { CalendarDate, Decimal, JsonObject } from '../kernel';
import { calendarDateAt, parseCalendarDate } from '../kernel';
import type { MarginSnapshot, PayrollSimulation } from '../origination';
import { readTime } from './datetimes';
import type { Fields } from './fields';
import { readBalanceWebhook, type BalanceReading } from './read-balance-webhook';
import { fieldsIn, optionsOf } from './read-debt';

type MarginLink = MarginSnapshot['links'][number];

/** A webhook about a margin: `federal_payroll_balance` of the manual, `federal_payroll.balance` of the newer pages. */
export function readMarginNews(document: JsonObject): BalanceReading {
  return readBalanceWebhook(document, (data) => {
    const rows = linkRows(data);
    // A servant without any employment is refused in those words elsewhere.
    if (rows?.length === 0)
      return {
        kind: 'refused',
        code: 'inexistent_relationship',
        description: undefined,
        permittedFrom: undefined,
      };
    const links = rows?.flatMap((row) => readLink(row) ?? []);
    if (links === undefined || links.length !== rows?.length) return undefined;
    const snapshot = {
      product: 'federal_payroll',
      referenceDate: readDayOfMoment(data, 'reference_date'),
      links,
    } as const;
    return { kind: 'received', snapshot };
  });
}

/** The key that QI gave a query, out of its answer. */
export function readMarginKey(body: string): string | undefined {
  return fieldsIn(body)?.key('balance_key');
}

/** What a simulation says of each day of payment. */
export function readPayrollSimulation(body: string): PayrollSimulation | undefined {
  const data = fieldsIn(body)?.child('data');
  if (data === undefined) return undefined;
  const options = optionsOf(data);
  const isReadable =
    options.length > 0 &&
    options.every(
      ({ disbursementDate, disbursedIssueAmount: paid, periods }) =>
        disbursementDate !== undefined && paid !== undefined && periods !== undefined,
    );
  return isReadable
    ? { options, finalDisbursementAmount: data.decimal('final_disbursement_amount') }
    : undefined;
}

/** The list of the manual; on the newer page the one link that was asked about may stand in `data` itself. */
function linkRows(data: Fields): readonly Fields[] | undefined {
  if (data.mentions('balance_query')) return data.children('balance_query');
  return data.has('registration_code') ? [data] : undefined;
}

/** One employment; undefined without the two names by which it is chosen. */
function readLink(row: Fields): MarginLink | undefined {
  const authority = row.child('authority');
  const authorityCode = authority.key('code') ?? row.key('authority_code');
  const registrationCode = row.key('registration_code');
  if (authorityCode === undefined || registrationCode === undefined) return undefined;
  const isAuthorized = row.flag('institution_authorized_for_credit_balance');
  const loan = readMargin(row, 'consigned_credit', row.decimal('available_balance'));
  return {
    authorityCode,
    registrationCode,
    pensionerRegistrationCode: row.key('pensioner_registration_code'),
    authority: authority.text('description'),
    authorityDocumentNumber: authority.text('authority_document_number'),
    // The newer page names a margin only where it may be seen.
    isAuthorized: isAuthorized ?? (loan.available === undefined ? undefined : true),
    relationship: row.word('employment_relationship'),
    classification: row.word('employment_classification'),
    situation: row.text('employment_functional_situation'),
    pensionType: row.word('pension_type'),
    pensionEndsOn: readDay(row, 'pension_validity'),
    available: loan.available,
    consigned: loan.consigned,
    cardAvailable: readMargin(row, 'consigned_card', undefined).available,
    authorizedUntil: loan.until,
  };
}

/**
 * One name, two opposite meanings, told apart by its JSON type alone: an object says what is free, a number what is used
 * already. Anything else says nothing.
 * @param beside what stands beside a number as free
 */
function readMargin(
  row: Fields,
  name: string,
  beside: Decimal | undefined,
): {
  readonly available: Decimal | undefined;
  readonly consigned: Decimal | undefined;
  readonly until: CalendarDate | undefined;
} {
  switch (row.shapeOf(name)) {
    case 'object': {
      const margin = row.child(name);
      const available = margin.decimal('available_balance');
      // Two that contradict each other are none.
      const isClear = beside === undefined || available === undefined || beside.eq(available);
      return {
        available: isClear ? available : undefined,
        consigned: undefined,
        until: readDay(margin, 'expiration_date'),
      };
    }
    case 'number':
      return { available: beside, consigned: row.decimal(name), until: undefined };
    case 'absent':
      return { available: beside, consigned: undefined, until: undefined };
    case 'other':
      return { available: undefined, consigned: undefined, until: undefined };
  }
}

/** The day in São Paulo of a moment, or a day printed alone. */
function readDayOfMoment(fields: Fields, name: string): CalendarDate | undefined {
  const time = readTime(fields.text(name) ?? '');
  return time?.kind === 'date_time' ? calendarDateAt(time.instant) : parseCalendarDate(time?.text ?? '');
}

/** The last day of something: whatever time stands beside it, it is that day. */
function readDay(fields: Fields, name: string): CalendarDate | undefined {
  return parseCalendarDate(fields.text(name)?.slice(0, 10) ?? '');
}
