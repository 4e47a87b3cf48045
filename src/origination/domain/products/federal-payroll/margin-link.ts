import { daysBetween, showDate, type CalendarDate, type Decimal } from '../../../../kernel';

/** One employment of a servant, or one pension, by the names it has at SIAPE. */
export interface Employment {
  readonly authorityCode: string;
  readonly registrationCode: string;
  /** Of a pensioner: authority and registration of whom the pension comes from. */
  readonly pensionerRegistrationCode?: string | undefined;
}

/** What SIAPE says of one employment. Undefined is not said. */
export interface MarginLink extends Employment {
  readonly authority: string | undefined;
  readonly authorityDocumentNumber: string | undefined;
  /** Whether the servant lets the institution see this margin. */
  readonly isAuthorized: boolean | undefined;
  readonly relationship: string | undefined;
  readonly classification: string | undefined;
  /** Code and words: EST01-PERMANENT ACTIVE. */
  readonly situation: string | undefined;
  readonly pensionType: string | undefined;
  readonly pensionEndsOn: CalendarDate | undefined;
  /** Reais a month that a loan may take. */
  readonly available: Decimal | undefined;
  /** Reais a month that loans take already; only the newer answers say it. */
  readonly consigned: Decimal | undefined;
  readonly cardAvailable: Decimal | undefined;
  /** The last day of the authorisation. */
  readonly authorizedUntil: CalendarDate | undefined;
}

/** The end of a registration is enough to tell a servant's own apart. */
const VISIBLE = 4;

/** Names an employment among those of one servant, in every answer alike, without its whole registration. */
export function linkId({ authorityCode, registrationCode }: Employment): string {
  return `${authorityCode}/${registrationCode.slice(-VISIBLE)}`;
}

/** The one link that is meant. Two that cannot be told apart are none. */
export function linkOf<L extends Employment>(links: readonly L[], id: string | undefined): L | undefined {
  const [link, ...others] = links.filter((each) => linkId(each) === id);
  return others.length === 0 ? link : undefined;
}

/** That an authorisation is over, or will be soon; undefined while there is time, and where its end is not known. */
export function authorizationWarning(
  authorizedUntil: CalendarDate | undefined,
  today: CalendarDate,
  warningDays: number,
): string | undefined {
  if (authorizedUntil === undefined) return undefined;
  const left = daysBetween(today, authorizedUntil);
  if (left < 0) return `A autorização terminou em ${showDate(authorizedUntil)}: pedir outra ao servidor.`;
  return left <= warningDays
    ? `A autorização termina em ${showDate(authorizedUntil)}: emitir antes, ou pedir outra ao servidor.`
    : undefined;
}

/** A contract that the new one pays off and replaces; its instalment is free again for the new one. */
export type RefinancedContract =
  | {
      readonly kind: 'own';
      readonly operationKey: string;
      readonly installment: Decimal;
      /** Reais, on the day of payment; by our own figures. */
      readonly dueBalance: Decimal;
      /** The same today: QI does not say on which of the two days it values a contract. */
      readonly dueNow: Decimal;
    }
  | {
      readonly kind: 'incoming';
      readonly contractNumber: string;
      /** CNPJ, 14 digits. */
      readonly institutionDocumentNumber: string;
      readonly dueBalance: Decimal;
      readonly deadline: number;
      readonly installment: Decimal;
    };
