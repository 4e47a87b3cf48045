/** How far somebody has seen one history of the database go. */
export interface Mark {
  /** Names the history. A restore begins another one. */
  readonly generation: string;
  /** Only rises: with every start, and every second while a process runs. */
  readonly counter: number;
}

/** What the database itself says. */
export interface DatabaseState {
  /** With the timeline it was made on, `<cluster>/<timeline>`; undefined: no process has begun on it yet. */
  readonly mark: (Mark & { readonly timeline: string }) | undefined;
  /** The timeline that it is on. */
  readonly timeline: string;
  /** Histories that have ended in a restore which was noticed. */
  readonly endedGenerations: readonly string[];
  /** Since anybody last advanced it. */
  readonly silentMs: number;
  /** Whether any webhook was ever received. */
  readonly hasHistory: boolean;
}

export interface RecoveryRules {
  /** Every failover is to a standby that confirms each commit: a new timeline alone is no loss. */
  readonly failoverKeepsCommits: boolean;
  /** Nobody here has seen the database before: silent for longer than this, it may be a copy. */
  readonly unwitnessedAfterMs: number;
}

/**
 * behind: it has been further. other_history: another one was seen here, and this one has not gone on from it.
 * new_timeline: a standby was promoted, or a copy recovered. unwitnessed: nobody here has seen it before, and it stood
 * still for long or came from another cluster.
 */
export const RECOVERY_SIGNS = ['behind', 'other_history', 'new_timeline', 'unwitnessed'] as const;
export type RecoverySign = (typeof RECOVERY_SIGNS)[number];

/**
 * Whether the database may have lost what was on disk.
 * @param seen what the file, or the process, has seen of it; undefined: nothing
 * @returns the sign of it; undefined when there is none
 */
export function signOfRestore(
  seen: Mark | undefined,
  state: DatabaseState,
  rules: RecoveryRules,
): RecoverySign | undefined {
  const { mark } = state;
  if (seen !== undefined) {
    if (mark?.generation === seen.generation) {
      if (mark.counter < seen.counter) return 'behind';
    } else if (mark === undefined || !state.endedGenerations.includes(seen.generation)) {
      return 'other_history';
    }
  }
  if (mark === undefined || !state.hasHistory) return undefined;
  const isSameCluster = clusterOf(mark.timeline) === clusterOf(state.timeline);
  if (isSameCluster && mark.timeline !== state.timeline)
    return rules.failoverKeepsCommits ? undefined : 'new_timeline';
  const mayBeCopy = !isSameCluster || state.silentMs > rules.unwitnessedAfterMs;
  return seen === undefined && mayBeCopy ? 'unwitnessed' : undefined;
}

/** pg_upgrade and a dump make another one, which counts its timelines from one again. */
function clusterOf(timeline: string): string {
  return timeline.slice(0, timeline.indexOf('/'));
}
