import { isOpenAt } from '../../sandbox/federal-payroll/hours';
import type { QiSandbox } from '../../sandbox/sandbox';

/** What waits for SIAPE is sent and answered by then, once it is open. */
const CAUGHT_UP_WITHIN_MS = 300_000;
/** What leaves before SIAPE closes may be there so much later: QI may be slow. */
const ON_ITS_WAY_MS = 60_000;

const keepsHours = ({ behaviour }: QiSandbox): boolean =>
  behaviour.contract.federal_payroll.hours === 'enforced';

/** Whether what is to be asked of SIAPE may wait, for it is closed, or was until a moment ago. */
export function mayWaitForPayroll(qi: QiSandbox, at: number): boolean {
  return keepsHours(qi) && [0, CAUGHT_UP_WITHIN_MS].some((before) => !isOpenAt(new Date(at - before)));
}

/** Whether what QI heard when SIAPE was closed may have left before that. */
export function mayHaveLeftInTime(at: number): boolean {
  return isOpenAt(new Date(at - ON_ITS_WAY_MS));
}
