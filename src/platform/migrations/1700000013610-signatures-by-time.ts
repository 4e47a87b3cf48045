import { ConcurrentIndexes } from '../database/concurrent-index';

/** Signatures of one hour are counted without reading the others. */
export class SignaturesByTime1700000013610 extends ConcurrentIndexes {
  protected readonly indexes = [
    ['operation_event_signed', `ON operation_event (recorded_at) WHERE kind = 'signed'`],
  ] as const;
}
