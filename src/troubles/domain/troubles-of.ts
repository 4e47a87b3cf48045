import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../kernel';
import type { CertificateFigures, DatabaseFigures, Measured } from './measured';
import { usualBetween, type HourlyCounts } from './silence';
import { TROUBLE_KINDS, type Sight, type Trouble, type TroubleKind, type Untold } from './trouble';

/** One bid that fails alone is no outage. */
const DOWN_FROM_FAILURES = 3;
/** A bid fails for some minutes at most: what was answered since is no older than the failures that are still counted. */
const ANSWERED_WITHIN_MS = 10 * MINUTE_MS;
const FAILING_FROM_CALLS = 5;
const FAILING_FROM_SHARE = 0.3;
/** So many should have come: none by chance is less likely than one in twenty thousand. */
const SILENT_FROM_EXPECTED = 10;
const SILENT_FROM_MS = 5 * MINUTE_MS;
const NO_WINS_FROM_MS = 30 * MINUTE_MS;
const NO_SIGNATURES_FROM_MS = 60 * MINUTE_MS;
const UNHANDLED_FROM_MS = MINUTE_MS;
/** A heartbeat that is late on a busy machine is no outage. */
const NOBODY_FROM_MS = 5_000;
const CERTIFICATE_WARNS_DAYS = 21;
const CERTIFICATE_CRITICAL_DAYS = 3;
const DISK_WARNS_PERCENT = 15;
const DISK_CRITICAL_PERCENT = 5;

/** A trouble whose beginning may not be known. */
type Found = Omit<Trouble, 'since'> & { readonly since?: Date | null };

/**
 * What one look tells. Where nobody can tell, that something is not found does not say that it is over: it goes on as it was
 * known, after a restart as people were told of it.
 *
 * @param before what was wrong when somebody looked last
 * @param lately the same, where that was lately: what this process saw long ago may have been over meanwhile
 */
export function sightOf(measured: Measured, before: readonly Trouble[], lately: readonly Trouble[]): Sight {
  const found = troublesOf(measured, before);
  const untold = untoldOf(measured);
  const told = measured.database?.told.filter(({ kind }) => TOLD_BY_DATABASE.includes(kind)) ?? [];
  const goingOn = untold.flatMap(({ kind, detail }) => {
    const isIt = (one: Trouble) => one.kind === kind && (detail === undefined || one.detail === detail);
    return found.some(isIt) ? [] : [...lately, ...told].filter(isIt).slice(0, 1);
  });
  return { troubles: worstFirst([...found, ...goingOn]), untold };
}

/**
 * What is wrong, worst first.
 * @param before what was wrong when somebody looked last: what has no beginning of its own began then.
 */
export function troublesOf(measured: Measured, before: readonly Trouble[]): Trouble[] {
  const { now, database, databaseAnsweredAt, usual, certificates, disks } = measured;
  const found: readonly Found[] = [
    ...(database === undefined
      ? [{ kind: 'database_down', severity: 'critical', since: databaseAnsweredAt } as const]
      : toldByDatabase(database, usual)),
    ...certificates.flatMap((certificate) => certificateTrouble(certificate, now)),
    ...diskTrouble(disks),
  ];
  return worstFirst(
    found.map((trouble) => ({ ...trouble, since: trouble.since ?? beginningOf(trouble, before) ?? now })),
  );
}

const TOLD_BY_PROCESS: readonly TroubleKind[] = ['database_down', 'certificate_ending', 'disk_full'];
const TOLD_BY_DATABASE = TROUBLE_KINDS.filter((kind) => !TOLD_BY_PROCESS.includes(kind));
const TOLD_BY_HABIT: readonly TroubleKind[] = ['wins_silent', 'signatures_silent'];

/** Of what it cannot be told whether it is wrong: that it is not among the troubles says nothing then. */
export function untoldOf(measured: Measured): Untold[] {
  const { database, usual, certificatesUnseen, disks } = measured;
  const kinds = new Set<TroubleKind>([
    ...(database === undefined ? TOLD_BY_DATABASE : unheardOf(database, usual)),
    ...(usual.size === 0 ? TOLD_BY_HABIT : []),
    ...(disks.includes(undefined) ? ['disk_full' as const] : []),
  ]);
  return [
    ...Array.from(kinds, (kind) => ({ kind })),
    ...certificatesUnseen.map((host) => ({ kind: 'certificate_ending' as const, detail: host })),
  ];
}

/** Over is what has been heard of: a webhook, a win, an answer of QI's. Where nothing could be, figures say nothing. */
function unheardOf(figures: DatabaseFigures, usual: Measured['usual']): TroubleKind[] {
  const { now, qi, webhooks, success } = figures;
  const { listeningSince } = webhooks;
  const { bidsSince } = success;
  const isSilent = webhookSilence(figures, usual.get('webhooks')).length > 0;
  const biddingSince = listeningSince && bidsSince && later(bidsSince, listeningSince);
  const heard: Partial<Record<TroubleKind, boolean>> = {
    qi_down: isSince(qi.answeredAt, new Date(now.getTime() - ANSWERED_WITHIN_MS)),
    webhooks_silent: isSince(webhooks.lastAt, listeningSince),
    wins_silent: !isSilent && isSince(success.lastWinAt, biddingSince),
    signatures_silent: !isSilent && isSince(success.lastSignatureAt, listeningSince),
  };
  return TROUBLE_KINDS.filter((kind) => heard[kind] === false);
}

const isSince = (at: Date | null, since: Date | null): boolean =>
  at !== null && since !== null && at >= since;

const worstFirst = (troubles: readonly Trouble[]): Trouble[] =>
  troubles.toSorted((a, b) => rank(a) - rank(b));

const rank = ({ severity }: Trouble): number => (severity === 'critical' ? 0 : 1);

function beginningOf({ kind, detail }: Found, before: readonly Trouble[]): Date | undefined {
  return before.find((known) => known.kind === kind && known.detail === detail)?.since;
}

function toldByDatabase(figures: DatabaseFigures, usual: Measured['usual']): Found[] {
  return [
    ...qiTrouble(figures),
    ...commandTrouble(figures),
    ...silenceTrouble(figures, usual),
    ...queueTrouble(figures),
    ...processTrouble(figures),
    ...watchTrouble(figures),
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

/** What follows from another silence is no trouble of its own. */
function silenceTrouble(figures: DatabaseFigures, usual: Measured['usual']): Found[] {
  const webhooks = webhookSilence(figures, usual.get('webhooks'));
  return webhooks.length > 0 ? webhooks : successSilence(figures, usual);
}

/**
 * No webhook although some should have come: by the pace of the hour before, and by the same hours of the weeks before,
 * so that neither the evening nor a Sunday is an alarm. Only time in which we could hear counts.
 */
function webhookSilence({ now, webhooks }: DatabaseFigures, usual: HourlyCounts | undefined): Found[] {
  const { lastAt, listeningSince, inHourBefore } = webhooks;
  if (lastAt === null || listeningSince === null) return [];
  const quietSince = later(lastAt, listeningSince);
  const quietMs = now.getTime() - quietSince.getTime();
  const byPace = Math.floor((inHourBefore * quietMs) / HOUR_MS);
  const byWeeks = usual === undefined ? undefined : usualBetween(quietSince, now, usual);
  const expected = Math.min(byPace, Math.floor(byWeeks ?? byPace));
  return quietMs >= SILENT_FROM_MS && expected >= SILENT_FROM_EXPECTED
    ? [{ kind: 'webhooks_silent', severity: 'critical', since: lastAt, count: expected }]
    : [];
}

/** Webhooks come and nothing comes of them: no win, or no signature, for a time in which the weeks before had several. */
function successSilence({ now, success, webhooks }: DatabaseFigures, usual: Measured['usual']): Found[] {
  const { lastWinAt, lastSignatureAt, bidsSince } = success;
  const { listeningSince } = webhooks;
  if (listeningSince === null) return [];
  const silent = (lastAt: Date | null, since: Date, counts: HourlyCounts | undefined, fromMs: number) => {
    if (lastAt === null || counts === undefined) return undefined;
    const quietSince = later(lastAt, since);
    const expected = Math.floor(usualBetween(quietSince, now, counts) ?? 0);
    const isLong = now.getTime() - quietSince.getTime() >= fromMs;
    return isLong && expected >= SILENT_FROM_EXPECTED ? { since: lastAt, count: expected } : undefined;
  };
  const noWins =
    bidsSince === null
      ? undefined
      : silent(lastWinAt, later(bidsSince, listeningSince), usual.get('wins'), NO_WINS_FROM_MS);
  const noSignatures = silent(
    lastSignatureAt,
    listeningSince,
    usual.get('signatures'),
    NO_SIGNATURES_FROM_MS,
  );
  return [
    ...(noWins === undefined ? [] : [{ kind: 'wins_silent', severity: 'critical', ...noWins } as const]),
    ...(noSignatures === undefined
      ? []
      : [{ kind: 'signatures_silent', severity: 'warning', ...noSignatures } as const]),
  ];
}

const later = (a: Date, b: Date): Date => (a > b ? a : b);

function watchTrouble({ unwatchedSince }: DatabaseFigures): Found[] {
  return unwatchedSince === null ? [] : [{ kind: 'unwatched', severity: 'critical', since: unwatchedSince }];
}

function queueTrouble({ now, webhooks: { queued, oldestQueuedAt } }: DatabaseFigures): Found[] {
  const isOld = oldestQueuedAt !== null && now.getTime() - oldestQueuedAt.getTime() >= UNHANDLED_FROM_MS;
  return isOld
    ? [{ kind: 'webhooks_unhandled', severity: 'critical', since: oldestQueuedAt, count: queued }]
    : [];
}

function processTrouble({ now, processes: { working, workedUntil, clocksOff } }: DatabaseFigures): Found[] {
  const isNobodyThere =
    working === 0 && (workedUntil === null || now.getTime() - workedUntil.getTime() >= NOBODY_FROM_MS);
  return [
    ...(isNobodyThere ? [{ kind: 'nobody_works', severity: 'critical', since: workedUntil } as const] : []),
    ...(clocksOff > 0 ? [{ kind: 'clock_off', severity: 'critical', count: clocksOff } as const] : []),
  ];
}

function certificateTrouble({ host, endsAt }: CertificateFigures, now: Date): Found[] {
  const days = Math.floor((endsAt.getTime() - now.getTime()) / DAY_MS);
  if (days >= CERTIFICATE_WARNS_DAYS) return [];
  const severity = days < CERTIFICATE_CRITICAL_DAYS ? 'critical' : 'warning';
  return [{ kind: 'certificate_ending' satisfies TroubleKind, severity, count: days, detail: host }];
}

/** Of the one with the least room. */
function diskTrouble(disks: Measured['disks']): Found[] {
  const [fullest] = disks
    .flatMap((disk) => (disk === undefined || disk.totalBytes === 0 ? [] : [disk]))
    .map(({ directory, freeBytes, totalBytes }) => ({ directory, percent: (freeBytes / totalBytes) * 100 }))
    .sort((a, b) => a.percent - b.percent);
  if (fullest === undefined || fullest.percent >= DISK_WARNS_PERCENT) return [];
  const percent = Math.floor(fullest.percent);
  const severity = percent < DISK_CRITICAL_PERCENT ? 'critical' : 'warning';
  return [{ kind: 'disk_full', severity, count: percent, detail: fullest.directory }];
}
