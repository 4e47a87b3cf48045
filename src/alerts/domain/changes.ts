import type { FoundAlert, OpenAlert } from './alert';

export interface AlertTimes {
  /** So long unseen, and it is over: what comes and goes is one alert. */
  readonly overAfterMs: number;
  readonly remindAfterMs: number;
}

/** What is to be written and told after a look. */
export interface AlertChanges {
  readonly raised: readonly FoundAlert[];
  readonly seen: readonly { readonly id: string; readonly found: FoundAlert }[];
  readonly reminded: readonly OpenAlert[];
  readonly resolved: readonly OpenAlert[];
}

/** Holds what is found now against what was open. */
export function changesOf(
  open: readonly OpenAlert[],
  found: readonly FoundAlert[],
  now: Date,
  { overAfterMs, remindAfterMs }: AlertTimes,
): AlertChanges {
  const nameOf = ({ kind, subject }: FoundAlert): string => `${kind} ${subject}`;
  const known = new Map(open.map((alert) => [nameOf(alert), alert]));
  const present = new Map(found.map((alert) => [nameOf(alert), alert]));
  const age = (at: Date): number => now.getTime() - at.getTime();
  const seen = [...present].flatMap(([name, one]) => {
    const alert = known.get(name);
    return alert === undefined ? [] : [{ id: alert.id, found: one }];
  });
  return {
    raised: [...present].filter(([name]) => !known.has(name)).map(([, one]) => one),
    seen,
    reminded: open.filter((alert) => {
      const one = present.get(nameOf(alert));
      return (
        one?.severity === 'critical' && alert.acknowledged_at === null && age(alert.told_at) >= remindAfterMs
      );
    }),
    resolved: open.filter((alert) => !present.has(nameOf(alert)) && age(alert.seen_at) >= overAfterMs),
  };
}
