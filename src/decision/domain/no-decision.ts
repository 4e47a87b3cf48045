/**
 * Why there is no decision on an auction to be read. awaited: it may still come. never_made: the auction ended, or was given
 * up, before one. archived: it has left the database for the archive's files, with its bids (docs/archive.md).
 */
export const NO_DECISION = ['awaited', 'never_made', 'archived'] as const;
export type NoDecision = (typeof NO_DECISION)[number];
