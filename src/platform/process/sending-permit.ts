/**
 * What allows a request that QI must get once at most. Between its mark on disk and its first byte a process may have
 * been stopped for minutes and its work taken over, so it is asked again when the connection stands ready.
 */
export interface SendingPermit {
  /** No answer counts after it: the time-out is what is left until then at the moment the request is written. */
  readonly until: Date;
  /** Undefined while the mark on disk may be trusted; otherwise why not one byte may be sent any more. */
  refusal(): string | undefined;
}
