/** How often one webhook came, and how we answered each time. */
export interface DeliveredContent {
  /** plain: a 200 with unsigned JSON. signed: a 200 in QI's older scheme. */
  readonly answers: readonly ('plain' | 'signed')[];
  readonly lastAt: Date;
}

export type Acknowledgement = 'plain' | 'signed' | 'neither' | 'not_known_yet';

/**
 * Which answer QI takes: the one after which a webhook does not come again within `waitMs` (QI's page says five minutes).
 * What comes again after a plain answer wants a signed one. New webhooks may go on arriving: one that is old enough tells.
 */
export function acknowledgementOf(
  contents: readonly DeliveredContent[],
  now: Date,
  waitMs: number,
): Acknowledgement {
  const isQuiet = ({ lastAt }: DeliveredContent): boolean => now.getTime() - lastAt.getTime() >= waitMs;
  if (contents.some(({ answers }) => answers.slice(0, -1).includes('signed'))) return 'neither';
  const signed = contents.filter(({ answers }) => answers.at(-1) === 'signed');
  if (signed.length > 0) return signed.some(isQuiet) ? 'signed' : 'not_known_yet';
  if (contents.some(({ answers }) => answers.length > 1)) return 'neither';
  return contents.some(isQuiet) ? 'plain' : 'not_known_yet';
}
