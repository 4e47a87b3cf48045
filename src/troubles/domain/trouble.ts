/**
 * What can be wrong with the engine and its surroundings, as one closed list: whoever shows it has words for each, and
 * docs/runbooks a page.
 */
export const TROUBLE_KINDS = [
  'qi_down',
  'qi_failing',
  'commands_waiting',
  'webhooks_silent',
  'wins_silent',
  'signatures_silent',
  'webhooks_unhandled',
  'database_down',
  'nobody_works',
  'unwatched',
  'clock_off',
  'certificate_ending',
  'disk_full',
] as const;
export type TroubleKind = (typeof TROUBLE_KINDS)[number];

export const TROUBLE_SEVERITIES = ['critical', 'warning'] as const;
/** critical: auctions go unanswered or soon will. warning: somebody should look today. */
export type TroubleSeverity = (typeof TROUBLE_SEVERITIES)[number];

/** How QI failed us last. */
export const QI_FAILURES = [
  'server_error',
  'no_answer',
  'unreachable',
  'too_many_requests',
  'access_refused',
] as const;
export type QiFailure = (typeof QI_FAILURES)[number];

export interface Trouble {
  readonly kind: TroubleKind;
  /** Since when it is so, or since when it is known where nobody noted its beginning. */
  readonly since: Date;
  readonly severity: TroubleSeverity;
  /** Of what, the kind says: `COUNTS`. */
  readonly count?: number;
  /** qi_*: a QiFailure. certificate_ending: the host. disk_full: the directory. */
  readonly detail?: string;
}

/** A trouble of which nobody can tell; its `detail` is that of the trouble where there may be several of its kind. */
export type Untold = Pick<Trouble, 'kind' | 'detail'>;

/** What one look tells. */
export interface Sight {
  /** What is wrong, worst first. */
  readonly troubles: readonly Trouble[];
  /** Of which nobody can tell: one of these may be wrong, go on or be over. */
  readonly untold: readonly Untold[];
}

/** What `count` counts. */
export const COUNTS: Readonly<Partial<Record<TroubleKind, string>>> = {
  qi_down: 'bids not sent or without an answer since then',
  qi_failing: 'calls that failed in the last minute',
  commands_waiting: 'commands that QI has not taken after several attempts',
  webhooks_silent: 'webhooks that would have come by now at the usual pace',
  wins_silent: 'auctions that would have been won by now, as in the weeks before',
  signatures_silent: 'loans that would have been signed by now, as in the weeks before',
  webhooks_unhandled: 'webhooks in the queue',
  clock_off: 'processes that decide nothing',
  certificate_ending: 'whole days left; 0 or less: it has ended',
  disk_full: 'percent of the disk that is free',
};

/** The page of docs/runbooks that says what to do. */
export const RUNBOOKS: Readonly<Record<TroubleKind, string>> = {
  qi_down: 'qi-down',
  qi_failing: 'qi-down',
  commands_waiting: 'qi-down',
  webhooks_silent: 'qi-silent',
  wins_silent: 'no-wins',
  signatures_silent: 'no-signatures',
  webhooks_unhandled: 'webhooks',
  database_down: 'database-down',
  nobody_works: 'database-down',
  unwatched: 'unwatched',
  clock_off: 'clock-off',
  certificate_ending: 'certificate-ending',
  disk_full: 'disk-full',
};
