import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { Decimal } from '../src/kernel';
import type { Auction } from './auctions';
import type { WebhookEvent } from './delivery';
import type { Loan } from './loan';
import type { QiSandbox } from './sandbox';

/** Webhooks that nobody has acknowledged and that are kept; older ones are given up. */
const MOST_UNDELIVERED = 1_000;
const WRITE_EVERY_MS = 1_000;

/** What a later run needs to go on with. */
interface Saved {
  readonly opened: number;
  readonly auctions: readonly Auction[];
  readonly loans: readonly Loan[];
  readonly undelivered: readonly WebhookEvent[];
}

const shape = z.object({
  format: z.literal(1),
  opened: z.int().min(0),
  auctions: z.array(z.looseObject({ key: z.string(), status: z.string(), limitAt: z.date() })),
  loans: z.array(z.looseObject({ creditOperationKey: z.string(), state: z.string() })),
  undelivered: z.array(z.looseObject({ eventKey: z.string(), body: z.string() })),
});

/**
 * Whatever is not over, as text: auctions, their loans, and webhooks on their way. Debts without an auction and balance
 * queries are not kept.
 */
export function ledgerText(qi: QiSandbox): string {
  const loans = qi.loans.all().filter((loan) => !qi.loans.isFinal(loan));
  const living = new Set(loans.map((loan) => loan.issuerProposalRequestKey));
  const now = qi.timeline.now();
  const saved: Saved = {
    opened: qi.auctions.opened,
    auctions: qi.auctions
      .all()
      .filter(({ key, status, expiresAt }) => living.has(key) || (status === 'ongoing' && expiresAt > now)),
    loans,
    undelivered: qi.delivery.journal.entries
      .filter(({ callbackStatus }) => callbackStatus !== 'sent')
      .slice(-MOST_UNDELIVERED),
  };
  return JSON.stringify({ format: 1, ...saved }, tagged);
}

/** @throws Error when it is none that `ledgerText` wrote. */
export function resumeLedger(qi: QiSandbox, text: string): void {
  const saved = shape.parse(JSON.parse(text, untagged)) as unknown as Saved;
  qi.auctions.resume(saved.auctions.map(atOurPace), saved.opened);
  for (const loan of saved.loans) qi.loans.resume(atOurPace(loan));
  for (const event of saved.undelivered) qi.delivery.resume(event);
}

/** A step begins anew with each run: one of hours, as in the history that the demo lays down, would never end. */
function atOurPace<Saved extends Pick<Auction, 'plan'> | Pick<Loan, 'plan'>>(saved: Saved): Saved {
  return { ...saved, plan: { ...saved.plan, step_seconds: undefined } };
}

/**
 * Keeps the ledger in a file from run to run: read now, written every second, and once more by the function returned. A
 * file that cannot be read is said and left behind: the sandbox begins anew.
 */
export function keepLedgerIn(file: string, qi: QiSandbox): () => void {
  try {
    resumeLedger(qi, readFileSync(file, 'utf8'));
    qi.log('ledger_resumed', { auctions: qi.auctions.all().length, loans: qi.loans.all().length });
  } catch (error) {
    const isFirstRun = (Object(error) as { code?: unknown }).code === 'ENOENT';
    if (!isFirstRun) qi.log('ledger_unreadable', { file, error: String(error) });
  }
  let written = '';
  const write = (): void => {
    const text = ledgerText(qi);
    if (text === written) return;
    writeLedger(file, text);
    written = text;
  };
  const timer = setInterval(write, WRITE_EVERY_MS);
  return () => {
    clearInterval(timer);
    write();
  };
}

/** Whole or not at all. */
export function writeLedger(file: string, text: string): void {
  writeFileSync(`${file}.new`, text, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

function tagged(this: Readonly<Record<string, unknown>>, key: string, value: unknown): unknown {
  const raw = this[key];
  if (raw instanceof Date) return { $date: raw.toISOString() };
  return Decimal.isDecimal(raw) ? { $decimal: raw.toString() } : value;
}

function untagged(_key: string, value: unknown): unknown {
  const { $date: date, $decimal: decimal } = Object(value) as { $date?: unknown; $decimal?: unknown };
  if (typeof date === 'string') return new Date(date);
  return typeof decimal === 'string' ? new Decimal(decimal) : value;
}
