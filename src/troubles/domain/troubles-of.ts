import type { CertificateFigures, DatabaseFigures, DiskFigures, Measured } from './measured';
import type { Trouble, TroubleKind } from './trouble';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

/** One bid that fails alone is no outage. */
const DOWN_FROM_FAILURES = 3;
const FAILING_FROM_CALLS = 5;
const FAILING_FROM_SHARE = 0.3;
/** So many should have come: none by chance is less likely than one in twenty thousand. */
const SILENT_FROM_EXPECTED = 10;
const SILENT_FROM_MS = 5 * MINUTE_MS;
const UNHANDLED_FROM_MS = MINUTE_MS;
const CERTIFICATE_WARNS_DAYS = 21;
const CERTIFICATE_CRITICAL_DAYS = 3;
const DISK_WARNS_PERCENT = 15;
const DISK_CRITICAL_PERCENT = 5;

/** A trouble whose beginning may not be known. */
type Found = Omit<Trouble, 'since'> & { readonly since?: Date | null };

/**
 * What is wrong, worst first.
 * @param before what was wrong when somebody looked last: what has no beginning of its own began then.
 */
export function troublesOf(measured: Measured, before: readonly Trouble[]): Trouble[] {
  const { now, database, databaseAnsweredAt, certificates, disk } = measured;
  const found: readonly Found[] = [
    ...(database === undefined
      ? [{ kind: 'database_down', severity: 'critical', since: databaseAnsweredAt } as const]
      : toldByDatabase(database)),
    ...certificates.flatMap((certificate) => certificateTrouble(certificate, now)),
    ...diskTrouble(disk),
  ];
  return found
    .map((trouble) => ({ ...trouble, since: trouble.since ?? beginningOf(trouble, before) ?? now }))
    .sort((a, b) => rank(a) - rank(b));
}

const rank = ({ severity }: Trouble): number => (severity === 'critical' ? 0 : 1);

function beginningOf({ kind, detail }: Found, before: readonly Trouble[]): Date | undefined {
  return before.find((known) => known.kind === kind && known.detail === detail)?.since;
}

function toldByDatabase(figures: DatabaseFigures): Found[] {
  return [
    ...qiTrouble(figures),
    ...commandTrouble(figures),
    ...silenceTrouble(figures),
    ...queueTrouble(figures),
    ...processTrouble(figures),
  ];
}

function qiTrouble({ qi }: DatabaseFigures): Found[] {
  const cause = qi.lastFailure === null ? {} : { detail: qi.lastFailure };
  if (qi.failures >= DOWN_FROM_FAILURES)
    return [
      { kind: 'qi_down', severity: 'critical', since: qi.failedSince, count: qi.undelivered, ...cause },
    ];
  const { calls, failed } = qi.lastMinute;
  return calls >= FAILING_FROM_CALLS && failed / calls >= FAILING_FROM_SHARE
    ? [{ kind: 'qi_failing', severity: 'warning', count: failed, ...cause }]
    : [];
}

function commandTrouble({ commands: { waiting, since } }: DatabaseFigures): Found[] {
  return waiting === 0 ? [] : [{ kind: 'commands_waiting', severity: 'warning', since, count: waiting }];
}

/**
 * No webhook although some should have come: by the pace of the hour before, and by the same time of last week, so that
 * neither the evening nor a Sunday is an alarm. Only time in which we could hear counts.
 */
function silenceTrouble({ now, webhooks }: DatabaseFigures): Found[] {
  const { lastAt, listeningSince, inHourBefore, aWeekAgo } = webhooks;
  if (lastAt === null || listeningSince === null) return [];
  const quietMs = now.getTime() - Math.max(lastAt.getTime(), listeningSince.getTime());
  const byPace = Math.floor((inHourBefore * quietMs) / HOUR_MS);
  const expected = Math.min(byPace, aWeekAgo ?? byPace);
  return quietMs >= SILENT_FROM_MS && expected >= SILENT_FROM_EXPECTED
    ? [{ kind: 'webhooks_silent', severity: 'critical', since: lastAt, count: expected }]
    : [];
}

function queueTrouble({ now, webhooks: { queued, oldestQueuedAt } }: DatabaseFigures): Found[] {
  const isOld = oldestQueuedAt !== null && now.getTime() - oldestQueuedAt.getTime() >= UNHANDLED_FROM_MS;
  return isOld
    ? [{ kind: 'webhooks_unhandled', severity: 'critical', since: oldestQueuedAt, count: queued }]
    : [];
}

function processTrouble({ processes: { working, workedUntil, clocksOff } }: DatabaseFigures): Found[] {
  return [
    ...(working === 0 ? [{ kind: 'nobody_works', severity: 'critical', since: workedUntil } as const] : []),
    ...(clocksOff > 0 ? [{ kind: 'clock_off', severity: 'critical', count: clocksOff } as const] : []),
  ];
}

function certificateTrouble({ host, endsAt }: CertificateFigures, now: Date): Found[] {
  const days = Math.floor((endsAt.getTime() - now.getTime()) / DAY_MS);
  if (days >= CERTIFICATE_WARNS_DAYS) return [];
  const severity = days < CERTIFICATE_CRITICAL_DAYS ? 'critical' : 'warning';
  return [{ kind: 'certificate_ending' satisfies TroubleKind, severity, count: days, detail: host }];
}

function diskTrouble(disk: DiskFigures | undefined): Found[] {
  if (disk === undefined || disk.totalBytes === 0) return [];
  const percent = Math.floor((disk.freeBytes / disk.totalBytes) * 100);
  if (percent >= DISK_WARNS_PERCENT) return [];
  const severity = percent < DISK_CRITICAL_PERCENT ? 'critical' : 'warning';
  return [{ kind: 'disk_full', severity, count: percent, detail: disk.directory }];
}
