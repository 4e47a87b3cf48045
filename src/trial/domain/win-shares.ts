/** With fewer known ends than this a share says nothing. */
export const MIN_KNOWN = 30;
/** The share of changed bids for which the past may be silent: these are left out, both where they come from and where they go. */
export const MAX_SILENT_SHARE = 0.1;
export const NORMAL_95 = 1.96;

/** Auctions at rates that are taken to win alike, by how they ended. */
export interface KnownEnds {
  readonly won: number;
  readonly lost: number;
}

/** One win and one loss are added, so that a share of none or all does not pass for certainty. */
export const shareWon = ({ won, lost }: KnownEnds): number => (won + 1) / (won + lost + 2);

/** Of that share. */
export function varianceOfShare(ends: KnownEnds): number {
  const share = shareWon(ends);
  return (share * (1 - share)) / (ends.won + ends.lost + 2);
}

export const isSilent = ({ won, lost }: KnownEnds): boolean => won + lost < MIN_KNOWN;

export const NO_ENDS: KnownEnds = { won: 0, lost: 0 };
