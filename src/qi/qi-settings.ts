/**
 * How messages are proved to come from who they say.
 * - jwt-v2: plain JSON; a token over the body's md5, the method and the path stands in the AUTHORIZATION header.
 * - encoded-body-v1: the body itself is a token too, and the header's token has the older text to sign.
 * - none: for a sandbox on the same machine only.
 */
export type SigningScheme = 'none' | 'jwt-v2' | 'encoded-body-v1';

/** What this module needs to know of the outside; bound to QI_SETTINGS where the application is put together. */
export interface QiSettings {
  /** Scheme, host and, if need be, a path in front of QI's own. */
  readonly baseUrl: string;
  /** The integration key: names us in every request, and in QI's older signatures. */
  readonly apiClientKey: string;
  /** Of our requests and of QI's answers to them. */
  readonly signing: SigningScheme;
  /** Of QI's webhooks and, in the older scheme, of our acknowledgements. */
  readonly webhookAuth: SigningScheme;
  /** Our EC P-521 key. */
  readonly privateKeyPem: string | undefined;
  /** QI's EC P-521 keys; each text may hold several, so that an old and a new one are good at once. */
  readonly publicKeyPems: readonly string[];
  /** No call lasts longer, whatever its caller allows. */
  readonly timeoutMs: number;
  /** Connections to QI at most, of proposals and of everything else apart; further calls wait for one. */
  readonly maxSockets: number;
  /** Connections for proposals that stand open before they are needed. */
  readonly warmConnections: number;
  /** An answer longer than this is cut off and counts as none. */
  readonly maxResponseBytes: number;
  /** Where past notifications are listed and sent again; `{event_key}` and `{callback_key}` stand for QI's keys. */
  readonly notifications: {
    readonly listPath: string;
    readonly resendPath: string;
  };
  /** Asks for a further page of a list. */
  readonly pageParameter: string;
  /** `POST path/{credit_operation_key}`: how a loan is cancelled before its reservation, by where it comes from. */
  readonly cancelRoutes: Readonly<Record<'auction' | 'active', string>>;
  /** The charge by which a borrower gives the money back: how it is asked for, and looked up. */
  readonly reversalRoutes: Readonly<Record<'request' | 'find', string>>;
}

export const QI_SETTINGS = Symbol('QiSettings');
