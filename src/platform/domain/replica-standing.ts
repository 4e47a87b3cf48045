/** What both databases say of one history, the one that works asked first. */
export interface Advance {
  /** Names the history: another one is another database, however fresh. */
  readonly generation: string;
  /** When it was last advanced, about every second, by the clock of the database that works. */
  readonly at: Date;
}

export type ReplicaStanding =
  /** It has everything but what is younger than `lagMs`. */
  | { readonly kind: 'usable'; readonly lagMs: number }
  | { readonly kind: 'late'; readonly lagMs: number }
  | { readonly kind: 'another_database' }
  | { readonly kind: 'away' };

/** How far a replica is behind, told from what both say: no clock of ours or of the replica's is asked. */
export function replicaStanding(primary: Advance, replica: Advance, mostMs: number): ReplicaStanding {
  if (primary.generation !== replica.generation) return { kind: 'another_database' };
  const lagMs = Math.max(0, primary.at.getTime() - replica.at.getTime());
  return { kind: lagMs > mostMs ? 'late' : 'usable', lagMs };
}
