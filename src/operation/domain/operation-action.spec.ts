import { endOf, type OperationAction } from './operation-action';
import type { OperationStatus } from './operation-state';

it.each<[OperationAction, OperationStatus, 'accepted' | 'withdrawn' | undefined]>([
  ['authorize', 'disbursed', 'accepted'],
  ['authorize', 'canceled_permanently', 'withdrawn'],
  ['authorize', 'disbursement_failed', undefined],
  ['authorize', 'awaiting_authorization', undefined],
  ['authorize', 'reservation_failed', 'accepted'],
  ['authorize', 'reservation_retrying', 'accepted'],
  ['authorize', 'parked', 'accepted'],
  ['authorize', 'reserved', 'accepted'],
  ['submit_signature', 'disbursed', 'accepted'],
  ['resubmit_disbursement', 'disbursed', 'accepted'],
  ['cancel_permanently', 'canceled_permanently', 'accepted'],
  ['cancel_permanently', 'disbursed', 'withdrawn'],
  ['request_reversal', 'disbursed', undefined],
])('what became of %s with a loan that is %s: %s', (action, status, expected) => {
  expect(endOf(action, status)).toBe(expected);
});
