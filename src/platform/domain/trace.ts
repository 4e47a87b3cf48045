/** What is told of a step beside its times: codes, numbers and keys, never words of QI's nor anything of a person. */
export type TraceAttributes = Readonly<Record<string, string | number>>;

/** The course of one thing on its way through the engine. Times are the caller's, so that a trace says what the rows say. */
export interface Trace {
  /** A step that is over. */
  step(name: string, from: Date, to: Date, attributes?: TraceAttributes): void;
  /** The whole is over: it is told now, or, where this is never called, not at all. */
  end(at: Date, attributes: TraceAttributes, went: 'well' | 'wrong'): void;
}

/** Brings traces to whoever collects them. */
export interface TraceSender {
  begin(name: string, at: Date, attributes: TraceAttributes): Trace;
  /** Sends what is left, within a bound. */
  close(): Promise<void>;
}
