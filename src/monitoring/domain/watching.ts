/** What is known of who watches the engine, in the database's time. */
export interface Watching {
  readonly now: Date;
  /** The last sign that counts; undefined when there never was one. */
  readonly seenAt: Date | undefined;
  /** Since when a process has been there to see one. */
  readonly listeningSince: Date | undefined;
  /** Since when we could have heard of one, if there was a time in which we could not. */
  readonly lookingSince: Date | undefined;
  readonly bidding: {
    readonly isStopped: boolean;
    /** Whether it was stopped because nobody watched. */
    readonly isStoppedByUs: boolean;
    readonly changedAt: Date;
  };
}

export interface WatchRules {
  /** So long without a sign, and bidding stops; 0: never. */
  readonly stopAfterMs: number;
  /** From one look to the next. */
  readonly lookEveryMs: number;
  /** Bidding goes on with the next sign; else people let it go on. */
  readonly resumes: boolean;
}

/** Looks of one process that went well, by the database's clock. */
export interface Looks {
  /** The first one after the last gap; undefined while there was none. */
  readonly since: Date | undefined;
  readonly last: Date;
}

/**
 * After one more look. While the database or the whole machine is away no sign can be kept, so the time before such a gap
 * proves nothing. A gap of less than half the time does no harm: the other half is left for a sign to come in.
 */
export function looksUntil(now: Date, before: Looks | undefined, rules: WatchRules): Looks {
  const lostMs = before === undefined ? 0 : now.getTime() - before.last.getTime() - rules.lookEveryMs;
  return { since: lostMs > rules.stopAfterMs / 2 ? now : before?.since, last: now };
}

/**
 * A dead man's switch: what is to become of bidding. Time in which nobody could have been seen does not count, and
 * whoever lets bidding go on has watched at that moment.
 */
export function biddingWhile(
  { now, seenAt, listeningSince, lookingSince, bidding }: Watching,
  rules: WatchRules,
): 'stops' | 'resumes' | 'stays' {
  if (rules.stopAfterMs === 0 || listeningSince === undefined) return 'stays';
  const moments = [seenAt, listeningSince, lookingSince, bidding.changedAt].map((at) => at?.getTime() ?? 0);
  const lastMoment = Math.max(...moments);
  if (!bidding.isStopped) return now.getTime() - lastMoment >= rules.stopAfterMs ? 'stops' : 'stays';
  const isSeenSince = seenAt !== undefined && seenAt > bidding.changedAt;
  return rules.resumes && bidding.isStoppedByUs && isSeenSince ? 'resumes' : 'stays';
}
