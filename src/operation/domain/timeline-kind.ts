import { OPERATION_ACTIONS, type OperationAction } from './operation-action';

const BY_PEOPLE = ['cancel_permanently', 'request_reversal'] as const;

/** What a loan's timeline can tell. Public words: they appear in the API and in the console. */
export const TIMELINE_KINDS = [
  'won',
  'issued',
  'signed',
  'signature_failed',
  'authorization_requested',
  'authorization_accepted',
  'authorization_decided',
  'reservation_waiting',
  'reservation_refused',
  'reservation_confirmed',
  'deletion_pending',
  'margin_released',
  'canceled_unsecured',
  'disbursement_failed',
  'resubmission_accepted',
  'disbursed',
  'cancellation_accepted',
  'canceled_permanently',
  'refunded',
  'document_sent',
  'noted',
  'submit_signature_accepted',
  'request_reversal_accepted',
  ...BY_PEOPLE.flatMap((action) => [`${action}_requested` as const, `${action}_declined` as const]),
  ...OPERATION_ACTIONS.flatMap((action) => [
    `${action}_intended` as const,
    `${action}_rejected` as const,
    `${action}_not_taken` as const,
    `${action}_undone` as const,
  ]),
] as const;
export type TimelineKind = (typeof TIMELINE_KINDS)[number];

/** How it is told that QI accepted what we asked. */
export const ACCEPTED_KIND: Readonly<Record<OperationAction, TimelineKind>> = {
  submit_signature: 'submit_signature_accepted',
  authorize: 'authorization_accepted',
  resubmit_disbursement: 'resubmission_accepted',
  cancel_permanently: 'cancellation_accepted',
  request_reversal: 'request_reversal_accepted',
};
