/** What is known of who watches the engine, in the database's time. */
export interface Watching {
  readonly now: Date;
  /** The last sign that counts; undefined when there never was one. */
  readonly seenAt: Date | undefined;
  /** Since when a process has been there to see one. */
  readonly listeningSince: Date | undefined;
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
  /** Bidding goes on with the next sign; else people let it go on. */
  readonly resumes: boolean;
}

/**
 * A dead man's switch: what is to become of bidding. Time in which nobody could have been seen does not count, and
 * whoever lets bidding go on has watched at that moment.
 */
export function biddingWhile(
  { now, seenAt, listeningSince, bidding }: Watching,
  rules: WatchRules,
): 'stops' | 'resumes' | 'stays' {
  if (rules.stopAfterMs === 0 || listeningSince === undefined) return 'stays';
  const lastMoment = Math.max(seenAt?.getTime() ?? 0, listeningSince.getTime(), bidding.changedAt.getTime());
  if (!bidding.isStopped) return now.getTime() - lastMoment >= rules.stopAfterMs ? 'stops' : 'stays';
  const isSeenSince = seenAt !== undefined && seenAt > bidding.changedAt;
  return rules.resumes && bidding.isStoppedByUs && isSeenSince ? 'resumes' : 'stays';
}
