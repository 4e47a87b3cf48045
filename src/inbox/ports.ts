import type { JsonObject } from '../kernel';

/** One HTTP delivery as it came off the wire. */
export interface Delivery {
  readonly method: string;
  /** Path with query string, as QI signs it. */
  readonly uri: string;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly rawBody: Buffer;
}

export type Admission =
  | { readonly kind: 'admitted'; readonly envelope: Envelope }
  /** Not from QI, or altered on the way: answered 401. `why` never quotes the delivery. */
  | { readonly kind: 'refused'; readonly why: string }
  /** From QI (or unsigned by setting) and not a JSON object: answered 400. */
  | { readonly kind: 'not_json'; readonly why: string };

/** What routing needs, read with every alias QI uses; the rest stays in `document`, unwrapped and complete. */
export interface Envelope {
  readonly type: string | undefined;
  readonly key: string | undefined;
  readonly status: string | undefined;
  readonly eventAtText: string | undefined;
  readonly document: JsonObject;
}

/** Tells QI's deliveries from anybody's, on the raw bytes, before anything is parsed. */
export interface WebhookGate {
  admit(delivery: Delivery): Promise<Admission>;
  /**
   * Reads a body that was admitted before (recovery, replay) without checking it again: keys may have rotated since.
   * Undefined when it is not a document of QI's.
   */
  reread(rawBody: Buffer): Envelope | undefined;
  /** The body and headers of a 200 that QI takes as an acknowledgement. */
  acknowledge(
    delivery: Delivery,
  ): Promise<{ readonly body: string; readonly headers: Readonly<Record<string, string>> }>;
}

export const WEBHOOK_GATE = Symbol('WebhookGate');
