import type { AlertSeverity } from '../../notifications/domain';
import { isToldOfMore, type AlertName, type AlertsSeen, type FoundAlert, type OpenAlert } from './alert';

export interface AlertTimes {
  /** So long unseen, and it is over: what comes and goes is one alert. */
  readonly overAfterMs: number;
  readonly remindAfterMs: number;
}

/** What is to be written and told after a look. */
export interface AlertChanges {
  readonly raised: readonly FoundAlert[];
  /** As they are now. */
  readonly seen: readonly OpenAlert[];
  /** Of those seen: critical now, and told as a warning, or more than was told. Who had it in hand may not know. */
  readonly worsened: readonly OpenAlert[];
  readonly reminded: readonly OpenAlert[];
  readonly resolved: readonly OpenAlert[];
}

/** Holds what is seen now against what was open. */
export function changesOf(
  open: readonly OpenAlert[],
  { found, untold }: AlertsSeen,
  now: Date,
  { overAfterMs, remindAfterMs }: AlertTimes,
): AlertChanges {
  const nameOf = ({ kind, subject }: AlertName): string => `${kind} ${subject}`;
  const known = new Map(open.map((alert) => [nameOf(alert), alert]));
  const present = new Map(found.map((alert) => [nameOf(alert), alert]));
  const unknown = new Set(untold.map(nameOf));
  const age = (at: Date): number => now.getTime() - at.getTime();
  /** What was told as critical is so until it could be told again: at the border it would wake people with every look. */
  const severityOf = (before: OpenAlert, one: FoundAlert): AlertSeverity =>
    before.severity === 'critical' && age(before.told_at) < remindAfterMs ? 'critical' : one.severity;
  const seen = open.flatMap((before) => {
    const one = present.get(nameOf(before));
    if (one === undefined) return [];
    const { count, detail } = one;
    return [{ before, alert: { ...before, severity: severityOf(before, one), count, detail } }];
  });
  const isDue = (before: OpenAlert): boolean => age(before.told_at) >= remindAfterMs;
  const critical = seen.filter(({ alert }) => alert.severity === 'critical');
  const worsened = critical.filter(({ before }) => before.severity !== 'critical');
  const unattended = critical.filter(
    ({ before }) => before.severity === 'critical' && before.acknowledged_at === null && isDue(before),
  );
  const grown = seen.filter((one) => !unattended.includes(one) && isDue(one.before) && isMoreThanTold(one));
  return {
    raised: [...present].filter(([name]) => !known.has(name)).map(([, one]) => one),
    seen: seen.map(({ alert }) => alert),
    worsened: [...new Set([...worsened, ...grown])].map(({ alert }) => alert),
    reminded: unattended.map(({ alert }) => alert),
    resolved: open.filter(
      (alert) =>
        !present.has(nameOf(alert)) && !unknown.has(nameOf(alert)) && age(alert.seen_at) >= overAfterMs,
    ),
  };
}

function isMoreThanTold({
  before,
  alert,
}: {
  readonly before: OpenAlert;
  readonly alert: OpenAlert;
}): boolean {
  return isToldOfMore(alert) && (alert.count ?? 0) > (before.told_count ?? before.count ?? 0);
}
