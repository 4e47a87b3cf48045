import type { Behaviour } from './behaviour';
import type { Random } from './random';

/** What may go wrong with one call of the partner's. */
export const FAULTS = [
  'none',
  'error',
  'error_after_effect',
  'too_many',
  'reset',
  'reset_after_effect',
  'timeout_after_effect',
  'slow',
] as const;
export type Fault = (typeof FAULTS)[number];

/** Whether the call is carried out before the fault shows. */
export function takesEffect(fault: Fault): boolean {
  return fault !== 'error' && fault !== 'too_many' && fault !== 'reset';
}

/** The next fault: the first one scripted for this call if any is left, otherwise by the configured rates. */
export function drawFault(random: Random, api: Behaviour['api'], script: Fault[] | undefined): Fault {
  const scripted = script?.shift();
  if (scripted !== undefined) return scripted;
  const rates: Record<Exclude<Fault, 'none'>, number> = {
    error: api.error_rate,
    error_after_effect: api.error_after_effect_rate,
    too_many: api.too_many_rate,
    reset: api.reset_rate,
    reset_after_effect: api.reset_after_effect_rate,
    timeout_after_effect: api.timeout_after_effect_rate,
    slow: api.slow_rate,
  };
  const faulty = Object.values(rates).reduce((total, rate) => total + rate, 0);
  return random.weighted({ none: Math.max(0, 1 - faulty), ...rates });
}
