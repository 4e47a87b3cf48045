import { Decimal, parseCalendarDate, type CalendarDate } from '../../../kernel';
import {
  authorizationWarning,
  linkId,
  readSituation,
  type Employment,
  type FunctionalSituation,
  type MarginLink,
} from '../../domain/products/federal-payroll';
import type { MarginSnapshot } from '../../ports';
import type { BalanceView, LinkView } from '../proposal-product';

/** A link as it lies on disk: whole registrations are in the borrower's file, encrypted, in the same order. */
interface StoredLink {
  readonly id: string;
  readonly authority: string | null;
  readonly authority_document_number: string | null;
  readonly is_authorized: boolean | null;
  readonly relationship: string | null;
  readonly classification: string | null;
  readonly situation: string | null;
  readonly pension_type: string | null;
  readonly pension_ends_on: string | null;
  readonly available: string | null;
  readonly consigned: string | null;
  readonly card_available: string | null;
  readonly authorized_until: string | null;
}

export interface StoredMargin {
  readonly reference_date: string | null;
  readonly links: readonly StoredLink[];
}

export function storedMargin({ referenceDate, links }: MarginSnapshot): StoredMargin {
  return {
    reference_date: referenceDate ?? null,
    links: links.map((link) => ({
      id: linkId(link),
      authority: link.authority ?? null,
      authority_document_number: link.authorityDocumentNumber ?? null,
      is_authorized: link.isAuthorized ?? null,
      relationship: link.relationship ?? null,
      classification: link.classification ?? null,
      situation: link.situation ?? null,
      pension_type: link.pensionType ?? null,
      pension_ends_on: link.pensionEndsOn ?? null,
      available: link.available?.toFixed(2) ?? null,
      consigned: link.consigned?.toFixed(2) ?? null,
      card_available: link.cardAvailable?.toFixed(2) ?? null,
      authorized_until: link.authorizedUntil ?? null,
    })),
  };
}

/** @param employments as they were kept with it: each says of which employment the link in its place speaks */
export function linksOf({ links }: StoredMargin, employments: readonly Employment[]): MarginLink[] {
  return links.map((link, at) => {
    const employment = employments[at];
    if (employment === undefined || linkId(employment) !== link.id)
      throw new Error('a margin and the employments it speaks of do not belong together');
    return {
      ...employment,
      authority: link.authority ?? undefined,
      authorityDocumentNumber: link.authority_document_number ?? undefined,
      isAuthorized: link.is_authorized ?? undefined,
      relationship: link.relationship ?? undefined,
      classification: link.classification ?? undefined,
      situation: link.situation ?? undefined,
      pensionType: link.pension_type ?? undefined,
      pensionEndsOn: dateOf(link.pension_ends_on),
      available: decimalOf(link.available),
      consigned: decimalOf(link.consigned),
      cardAvailable: decimalOf(link.card_available),
      authorizedUntil: dateOf(link.authorized_until),
    };
  });
}

/** @param chosen the link that the wishes name */
export function viewMargin(
  margin: StoredMargin,
  chosen: unknown,
  today: CalendarDate,
  warningDays: number,
  situations: ReadonlyMap<string, FunctionalSituation>,
): BalanceView {
  const { links, reference_date } = margin;
  const only = links.length === 1;
  return {
    reference_date,
    periods: [],
    cedable: [],
    active_contracts: null,
    has_unavailable_balance: null,
    links: links.map((link): LinkView => {
      const [authorityCode = '', end = ''] = link.id.split('/');
      const known = situations.get(readSituation(link.situation ?? undefined)?.number ?? '');
      return {
        id: link.id,
        authority_code: authorityCode,
        authority: link.authority,
        registration: `***${end}`,
        situation: known === undefined ? link.situation : `${known.name} (${link.situation ?? ''})`,
        is_pensioner: link.relationship === 'pensioner' ? true : (known?.isPension ?? null),
        is_authorized: link.is_authorized,
        margin: link.available,
        consigned: link.consigned,
        card_margin: link.card_available,
        authorized_until: link.authorized_until,
        authorization_warning:
          authorizationWarning(dateOf(link.authorized_until), today, warningDays) ?? null,
        is_chosen: chosen === undefined ? only : chosen === link.id,
      };
    }),
  };
}

const dateOf = (text: string | null): CalendarDate | undefined =>
  text === null ? undefined : parseCalendarDate(text);
const decimalOf = (text: string | null): Decimal | undefined =>
  text === null ? undefined : new Decimal(text);
