import type { OperationEventEntity } from './operation-event.entity';

/** QI's word in a `debt` webhook: nothing is owed any more. */
export const PAID_OFF = 'settled';

/** Of a row of `operation_event` that is called `told`; an index has these words. */
export const IS_PAYOFF = `told.kind = 'noted' AND told.summary ->> 'what' = '${PAID_OFF}'`;

/** QI has said in this event that nothing is owed any more. */
export const saysPaidOff = ({ kind, summary }: OperationEventEntity): boolean =>
  kind === 'noted' && summary['what'] === PAID_OFF;

/**
 * For a statement on `operation`, by the name it has there: QI has said of this loan that nothing is owed any more. Whichever
 * release heard it, the timeline has it.
 */
export const isPaidOff = (loan: string): string =>
  `EXISTS (SELECT FROM operation_event AS told WHERE told.credit_operation_key = ${loan}.credit_operation_key
     AND ${IS_PAYOFF})`;
