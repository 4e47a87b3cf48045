import { growingWaitMs } from '../../kernel';

/** How patiently QI is asked about one gap. */
export interface AskingRules {
  /** Until it is asked a second time; doubles each time. */
  readonly againAfterMs: number;
  readonly againAtMostMs: number;
  /** A gap older than this is left to people. */
  readonly giveUpAfterMs: number;
}

/** When QI is asked again after `asked` times; undefined when it is no use any more. */
export function nextAsk(foundAt: Date, asked: number, now: Date, rules: AskingRules): Date | undefined {
  const wait = growingWaitMs(asked, { baseMs: rules.againAfterMs, maxMs: rules.againAtMostMs });
  const next = new Date(now.getTime() + wait);
  return next.getTime() - foundAt.getTime() > rules.giveUpAfterMs ? undefined : next;
}
