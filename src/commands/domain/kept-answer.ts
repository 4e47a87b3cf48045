/** Which statuses below 500 say "not now", or leave open what was read. */
const NO_REFUSAL = [408, 409, 429];

/** Whether the answer that is kept of a command is a yes, whatever else could not be read in it. */
export function saysYes(httpStatus: number | null): boolean {
  return httpStatus !== null && httpStatus >= 200 && httpStatus < 300;
}

/** Whether the answer that is kept of a command is a refusal, for good. */
export function saysNo(httpStatus: number | null): boolean {
  return httpStatus !== null && httpStatus >= 300 && httpStatus < 500 && !NO_REFUSAL.includes(httpStatus);
}
