/**
 * Of a row of `bid`, as SQL: QI itself said that it had taken it. Of any other that was won or lost, the end says nothing of our
 * price: a win proves that QI had it, a loss does not, and counted from wins alone our rates would look better than they are.
 */
export const isAnswered = (bid: string): string =>
  `(${bid}.status = 'accepted' AND ${bid}.status_reason IS DISTINCT FROM 'known_by_outcome')`;
