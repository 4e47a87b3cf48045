import { randomInt, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DateTime } from 'luxon';

type Members = Readonly<Record<string, unknown>>;
type Alert = Members;

interface PrintedRequest extends Members {
  readonly data: Members & {
    readonly issuer_proposal_request_data: Members & { readonly alerts: readonly Alert[] };
  };
}
interface PrintedEnd extends Members {
  readonly data: Members;
}
interface PrintedSignature extends Members {
  readonly signers: readonly (Members & { readonly signer_data: Members })[];
}
interface PrintedCollateral extends Members {
  readonly data: Members & { readonly collateral_data: Members };
}

/** A document that the manuals print. */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- the caller says what is printed there
export function printed<Document extends Members = Members>(path: string): Document {
  return JSON.parse(readFileSync(join('test', 'contracts', 'qi', 'payloads', path), 'utf8')) as Document;
}

const SAMPLE_CPF = '00737823780';

/** A valid CPF that nobody else in the run has: drawn, or made of its number below 1,000,000,000. */
export function newCpf(number = randomInt(1_000_000_000)): string {
  const nine = String(number).padStart(9, '0');
  const digit = (digits: string): number => {
    let sum = 0;
    for (let i = 0; i < digits.length; i += 1) sum += (digits.charCodeAt(i) - 48) * (digits.length + 1 - i);
    return ((sum * 10) % 11) % 10;
  };
  const ten = `${nine}${digit(nine)}`;
  return `${ten}${digit(ten)}`;
}

export interface RequestOptions {
  readonly key?: string;
  /** The sample's borrower unless another is named: nobody gets two offers of ours at once. */
  readonly cpf?: string;
  readonly windowSeconds?: number;
  readonly alerts?: 'none' | 'printed';
  /** Laid over issuer_proposal_request_data. */
  readonly facts?: Members;
}

/**
 * The manual's sample request with its dates moved to now: the limit and the expiry are printed as the manual prints
 * them, in São Paulo time with a Z behind.
 */
export function proposalRequest(options: RequestOptions = {}): Members {
  const { key = randomUUID(), cpf = SAMPLE_CPF, windowSeconds = 30, alerts = 'none', facts = {} } = options;
  const sample = printed<PrintedRequest>(
    'private-payroll-auction/01-webhook-new-issuer-proposal-request.json',
  );
  const now = DateTime.utc();
  const daysSince = Math.floor(now.diff(DateTime.fromISO('2025-03-20', { zone: 'utc' }), 'days').days);
  const inSaoPaulo = (instant: DateTime): string =>
    instant.setZone('America/Sao_Paulo').toFormat("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'");
  const data = sample.data.issuer_proposal_request_data;
  return {
    ...sample,
    key,
    event_datetime: now.toFormat("yyyy-MM-dd'T'HH:mm:ss'Z'"),
    data: {
      ...sample.data,
      issuer_proposal_request_key: key,
      inclusion_limit_datetime: inSaoPaulo(now.plus({ seconds: windowSeconds })),
      expiration_datetime: inSaoPaulo(now.plus({ days: 1 })),
      issuer_proposal_request_data: {
        ...data,
        document_number: cpf,
        alerts: alerts === 'none' ? [] : data.alerts.map((alert) => moveDates(alert, daysSince)),
        ...facts,
      },
    },
  };
}

function moveDates(alert: Alert, days: number): Alert {
  const moved = Object.entries(alert).map(([name, value]) => {
    const isDate = typeof value === 'string' && /^\d{4}-\d\d-\d\d$/.test(value);
    return [name, isDate ? DateTime.fromISO(value).plus({ days }).toISODate() : value] as const;
  });
  return Object.fromEntries(moved);
}

export interface End {
  readonly requestKey: string;
  readonly proposalKey: string;
  /** null: lost. */
  readonly operationKey: string | null;
}

export function endOfAuction({ requestKey, proposalKey, operationKey }: End): Members {
  const sample = printed<PrintedEnd>('private-payroll-auction/06-webhook-end-of-auction-won.json');
  const status = operationKey === null ? 'lost' : 'won';
  return {
    ...sample,
    key: proposalKey,
    status,
    data: {
      ...sample.data,
      status,
      auction_proposal_key: proposalKey,
      issuer_proposal_request_key: requestKey,
      credit_operation_key: operationKey,
      rank_position: operationKey === null ? 2 : 1,
    },
  };
}

/** Six printed webhooks that follow a win, for one operation, from signature to payment. */
export function loanWebhooks(operationKey: string, cpf = SAMPLE_CPF): readonly Members[] {
  const signed = printed<PrintedSignature>(
    'private-payroll-operation/01-webhook-credit-operation-signed.json',
  );
  const refused = printed<PrintedCollateral>(
    'private-payroll-reservation/04-webhook-collateral-constituted-false.json',
  );
  const constituted = printed<{ readonly webhook: Members }>(
    'private-payroll-reservation/03-webhook-collateral-constituted-true-wrapped.json',
  );
  return [
    {
      ...signed,
      key: operationKey,
      signers: signed.signers.map((signer) => ({
        ...signer,
        signer_data: { ...signer.signer_data, document_number: cpf },
      })),
    },
    {
      ...printed(
        'private-payroll-operation/03-webhook-reservation-status-pending-requester-authorization.json',
      ),
      key: operationKey,
    },
    {
      webhook_type: 'debt',
      key: operationKey,
      status: 'signature_finished',
      event_datetime: '2025-04-09 20:00:21',
    },
    {
      ...refused,
      key: operationKey,
      data: {
        ...refused.data,
        collateral_data: {
          ...refused.data.collateral_data,
          last_response: { errors: [{ enumerator: 'margin_exceeded' }] },
        },
      },
    },
    { webhook: { ...constituted.webhook, key: operationKey } },
    { ...printed('private-payroll-reservation/05-webhook-debt-disbursed.json'), key: operationKey },
  ];
}
