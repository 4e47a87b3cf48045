import { DateTime } from 'luxon';
import { SAO_PAULO, type CalendarDate } from '../../../../kernel';

/**
 * When a balance is asked for again. at_date: by itself, on the date that came with the failure. later: by itself, after a
 * while. on_request: when the borrower has done something. never: nothing changes it until another loan is paid off.
 */
export type BalanceRetry = 'at_date' | 'later' | 'on_request' | 'never';

export interface BalanceFailure {
  /** What it means. */
  readonly meaning: string;
  /** What the borrower is told to do. */
  readonly advice: string;
  readonly retry: BalanceRetry;
}

/** The failures of a balance query: QI manual 004, section 1; what lenders have learnt of each. In Portuguese for people. */
export const BALANCE_FAILURES: Readonly<Record<string, BalanceFailure>> = {
  ongoing_operation: {
    meaning: 'Há uma operação em andamento na Caixa que altera o saldo.',
    advice: 'Aguardar o fim da operação e consultar de novo.',
    retry: 'later',
  },
  unauthorized_institution: {
    meaning: 'O trabalhador não autorizou a QI a consultar o saldo.',
    advice:
      'No aplicativo FGTS: Saque-Aniversário, Autorizar bancos a consultarem seu FGTS, QI SOCIEDADE DE CREDITO S.A. Depois, consultar de novo.',
    retry: 'on_request',
  },
  inexistent_anniversary_membership: {
    meaning: 'O trabalhador não está no saque-aniversário.',
    advice:
      'Aderir ao saque-aniversário no aplicativo FGTS. A autorização só é possível 90 dias depois da adesão.',
    retry: 'on_request',
  },
  on_locked_date_range: {
    meaning: 'A Caixa não permite consultas nesta época, perto do mês de aniversário.',
    advice: 'Nenhuma instituição consegue consultar agora. A consulta é repetida na data permitida.',
    retry: 'at_date',
  },
  anniversary_membership_egress: {
    meaning: 'O trabalhador pediu para sair do saque-aniversário.',
    advice: 'Cancelar no aplicativo FGTS o pedido de volta ao saque-rescisão e consultar de novo.',
    retry: 'on_request',
  },
  processing_pending_changes: {
    meaning: 'O cadastro do trabalhador mudou na Caixa e está em processamento.',
    advice: 'Aguardar a Caixa concluir a alteração, ou procurar uma agência. Não é falta de autorização.',
    retry: 'later',
  },
  caixa_error: {
    meaning: 'A Caixa não conseguiu responder.',
    advice: 'A consulta é repetida daqui a pouco.',
    retry: 'later',
  },
};

/** What is said of a failure that no manual names: it is shown, and nothing is done by itself. */
export const UNKNOWN_BALANCE_FAILURE: BalanceFailure = {
  meaning: 'A QI informou um motivo que não conhecemos.',
  advice: 'Conferir o motivo com a QI antes de consultar de novo.',
  retry: 'on_request',
};

export function balanceFailure(code: string): BalanceFailure {
  return Object.hasOwn(BALANCE_FAILURES, code)
    ? (BALANCE_FAILURES[code] ?? UNKNOWN_BALANCE_FAILURE)
    : UNKNOWN_BALANCE_FAILURE;
}

/** Caixa says from when on it will answer. */
export const CODES_WITH_A_DATE = Object.keys(BALANCE_FAILURES).filter(
  (code) => balanceFailure(code).retry === 'at_date',
);

/** What is known of a query that failed. */
interface FailedQuery {
  readonly code: string;
  /** The first day on which it is permitted again, where Caixa gave one. */
  readonly permittedFrom: CalendarDate | undefined;
  /** How often it had failed before. */
  readonly failures: number;
  readonly now: Date;
}

const OPENS_AT_HOUR = 8;
const MINUTE_MS = 60_000;

/**
 * When a balance is asked for again by itself: on the date that Caixa gave, from the morning on, or after a while. A date
 * that is there already, and the query refused all the same, is treated as a failure that passes: asked for ever it would
 * use up the quota.
 * @returns undefined where a person has to ask
 */
export function nextQueryAt(
  { code, permittedFrom, failures, now }: FailedQuery,
  limits: { readonly retryAfterMinutes: number; readonly maxRetries: number },
): Date | undefined {
  const { retry } = balanceFailure(code);
  if (retry === 'at_date') {
    if (permittedFrom === undefined) return undefined;
    const morning = DateTime.fromISO(permittedFrom, { zone: SAO_PAULO })
      .set({ hour: OPENS_AT_HOUR })
      .toJSDate();
    if (morning > now) return morning;
  } else if (retry !== 'later') return undefined;
  if (failures >= limits.maxRetries) return undefined;
  return new Date(now.getTime() + limits.retryAfterMinutes * MINUTE_MS);
}
