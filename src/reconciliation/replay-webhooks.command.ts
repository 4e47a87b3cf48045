import type { DataSource } from 'typeorm';
import { parseCalendarDate } from '../kernel';
import type { AuditTrail } from '../platform';
import { previewReplay, replayWebhooks, totalOf, type ReplaySelection } from './replay-webhooks';

export interface WebhookReplayOptions {
  readonly key?: string;
  readonly day?: string;
  readonly from?: string;
  readonly before?: string;
  readonly apply?: boolean;
  readonly reason?: string;
}

/**
 * `npm run replay -- [--key K] [--day D] [--from T] [--before T] [--apply --reason TEXT]`: says what would be handled
 * again, and with --apply has it done.
 * @returns the exit code: 0 done, 2 wrong use
 */
export async function runWebhookReplay(
  dataSource: DataSource,
  audit: AuditTrail,
  options: WebhookReplayOptions,
  { actor, out }: { readonly actor: string; readonly out: (line: string) => void },
): Promise<number> {
  const selection = readSelection(options);
  if (typeof selection === 'string') {
    out(selection);
    return 2;
  }
  if (options.apply === true && options.reason === undefined) {
    out('--apply needs --reason: it is kept in the audit trail.');
    return 2;
  }
  const types =
    options.apply === true
      ? await replayWebhooks(dataSource, audit, selection, { actor, reason: options.reason ?? '' })
      : await previewReplay(dataSource.manager, selection);
  for (const { webhookType, status, events } of types)
    out(`${String(events).padStart(8)}  ${status.padEnd(6)}  ${webhookType ?? '(no type)'}`);
  const total = totalOf(types);
  out(
    options.apply === true
      ? `${total} webhooks are handled again as soon as a worker runs.`
      : `${total} webhooks would be handled again. Nothing was changed: add --apply --reason TEXT.`,
  );
  return 0;
}

/** The selection, or what is wrong with it. Everything at once must be asked for by naming a day or a span. */
function readSelection({ key, day, from, before }: WebhookReplayOptions): ReplaySelection | string {
  if ([key, day, from, before].every((option) => option === undefined))
    return 'Say which: --key, --day, --from or --before.';
  const date = day === undefined ? undefined : parseCalendarDate(day);
  if (day !== undefined && date === undefined) return '--day takes a date, YYYY-MM-DD.';
  const instants = [from, before].map((text) => (text === undefined ? undefined : readInstant(text)));
  if (instants.includes('unreadable'))
    return '--from and --before take a time with its zone, as 2026-08-18T12:00:00Z.';
  const [start, end] = instants.map((instant) => (instant === 'unreadable' ? undefined : instant));
  return { key, day: date, from: start, before: end };
}

function readInstant(text: string): Date | 'unreadable' {
  const isZoned = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d)$/.test(text);
  const instant = new Date(text);
  // Date takes the 31st of every month, and means one of the next.
  const isOfADay = parseCalendarDate(text.slice(0, 10)) !== undefined;
  return isZoned && isOfADay && !Number.isNaN(instant.getTime()) ? instant : 'unreadable';
}
