import { Inject, Injectable } from '@nestjs/common';
import { HOUR_MS, stringifyJson, type Clock } from '../kernel';
import { CLOCK } from '../platform';
import { decodeBody, encodeBody, signFile } from './encoded-body-v1';
import { fileForm, type SentFile } from './file-form';
import { signJwtV2 } from './jwt-v2';
import { QiKeys } from './qi-keys';
import { QI_SETTINGS, type QiSettings } from './qi-settings';

export interface QiRequest {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  /** Segments of the path, not yet escaped; keys of QI's may stand among them. */
  readonly path: readonly string[];
  readonly query?: Readonly<Record<string, string>>;
  /** Written as JSON with exact decimals. GET and DELETE have none; the others without one send `{}`. */
  readonly body?: object;
  /** Sent in the place of a body. */
  readonly file?: SentFile;
}

/** A request as it goes over the wire, signed over exactly these bytes. */
export interface WrittenRequest {
  readonly method: QiRequest['method'];
  /** Path with query string. */
  readonly endpoint: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | undefined;
}

/** An answer as it came over the wire, whole. */
export interface WireAnswer {
  readonly httpStatus: number;
  /** By names in small letters. */
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
}

/** How one exchange ended, before anybody asks what the answer means. */
export type QiExchange =
  | {
      readonly kind: 'answered';
      readonly httpStatus: number;
      /** Milliseconds of `Retry-After`, when the answer has one. */
      readonly retryAfterMs: number | undefined;
      /** Plain text of the answer; in the older scheme, out of its verified token. */
      readonly text: string;
    }
  /** Not one byte of the request left this machine. */
  | { readonly kind: 'not_sent'; readonly why: string }
  /** The request left, wholly or in part, and no answer came that can be believed. */
  | {
      readonly kind: 'no_answer';
      readonly why: string;
      /** Of a yes whose words were lost on the way; left out where nothing is believed that is not signed. */
      readonly httpStatus?: number;
    };

/** Why a request that names no address of QI's is not sent. */
export const NO_PATH = 'the key cannot stand in a path';

/**
 * An idle connection is closed by us before the other side would: a request written into a connection that is just
 * being closed is lost without anybody knowing whether it was read.
 */
export const IDLE_CONNECTION_MS = 4_000;
const LONGEST_RETRY_AFTER_MS = HOUR_MS;

/** What goes to QI and what comes back, as bytes: addresses, signatures and exact numbers, whichever wire carries them. */
@Injectable()
export class QiMessages {
  /** Scheme, host and port. */
  readonly origin: string;
  readonly #pathPrefix: string;

  constructor(
    @Inject(QI_SETTINGS) private readonly settings: QiSettings,
    private readonly keys: QiKeys,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {
    const base = new URL(settings.baseUrl);
    this.origin = base.origin;
    this.#pathPrefix = base.pathname.replace(/\/+$/, '');
  }

  /** @returns undefined when a segment of the path (such as `..`) would change on the way. */
  async write(request: QiRequest): Promise<WrittenRequest | undefined> {
    const endpoint = this.#endpointOf(request);
    if (endpoint === undefined) return undefined;
    const { headers, body } =
      request.file === undefined
        ? await this.#sign(request, endpoint)
        : await this.#signFile(request.method, endpoint, request.file);
    return {
      method: request.method,
      endpoint,
      headers: { accept: 'application/json', 'user-agent': 'arremate', ...headers },
      body,
    };
  }

  async read({ method, endpoint }: WrittenRequest, answer: WireAnswer): Promise<QiExchange> {
    const { httpStatus, headers, text } = answer;
    const retryAfterMs = this.#retryAfterOf(headers['retry-after']);
    const answered = { kind: 'answered', httpStatus, retryAfterMs, text } as const;
    const isSuccess = httpStatus >= 200 && httpStatus < 300;
    const mayBePlain = text === '' || (!isSuccess && !text.includes('encoded_body'));
    if (this.settings.signing !== 'encoded-body-v1' || mayBePlain) return answered;

    const authorization = headers['authorization'];
    const decoded = await decodeBody(
      {
        method,
        endpoint,
        authorization: typeof authorization === 'string' ? authorization : undefined,
        body: Buffer.from(text),
      },
      { apiClientKey: this.settings.apiClientKey, keys: this.keys.publicKeys },
    );
    return decoded.kind === 'authentic'
      ? { ...answered, text: decoded.body.toString('utf8') }
      : { kind: 'no_answer', why: `HTTP ${httpStatus} without QI's signature: ${decoded.why}` };
  }

  #endpointOf({ path, query }: QiRequest): string | undefined {
    const search = query === undefined ? '' : `?${new URLSearchParams(query).toString()}`;
    const endpoint = `${this.#pathPrefix}/${path.map(encodeURIComponent).join('/')}${search}`;
    const url = new URL(endpoint, this.origin);
    return path.every((segment) => segment !== '') && url.pathname + url.search === endpoint
      ? endpoint
      : undefined;
  }

  async #sign(
    { method, body: document }: QiRequest,
    endpoint: string,
  ): Promise<{ readonly headers: Record<string, string>; readonly body: Buffer | undefined }> {
    const { signing, apiClientKey } = this.settings;
    const json = method === 'GET' || method === 'DELETE' ? undefined : stringifyJson(document ?? {});
    const headers: Record<string, string> = { 'API-CLIENT-KEY': apiClientKey };
    if (json !== undefined) headers['content-type'] = 'application/json';

    if (signing === 'encoded-body-v1') {
      const sender = { apiClientKey, key: this.keys.privateKey };
      const encoded = await encodeBody({ method, endpoint, json }, sender, this.clock.now());
      headers['AUTHORIZATION'] = encoded.authorization;
      return { headers, body: bytesOf(encoded.body) };
    }
    const body = bytesOf(json);
    if (signing === 'jwt-v2') {
      const message = { method, uri: endpoint, body: body ?? Buffer.alloc(0) };
      headers['AUTHORIZATION'] = await signJwtV2(message, this.keys.privateKey, this.clock.now());
    }
    return { headers, body };
  }

  /** Of a file its own bytes are signed, whatever form they travel in. */
  async #signFile(
    method: string,
    endpoint: string,
    file: SentFile,
  ): Promise<{ readonly headers: Record<string, string>; readonly body: Buffer }> {
    const { signing, apiClientKey } = this.settings;
    const { contentType, body } = fileForm(file);
    const headers: Record<string, string> = { 'API-CLIENT-KEY': apiClientKey, 'content-type': contentType };
    const now = this.clock.now();
    if (signing === 'encoded-body-v1') {
      const sender = { apiClientKey, key: this.keys.privateKey };
      headers['AUTHORIZATION'] = await signFile(
        { method, endpoint, contentType, bytes: file.bytes },
        sender,
        now,
      );
    }
    if (signing === 'jwt-v2') {
      const message = { method, uri: endpoint, body: file.bytes };
      headers['AUTHORIZATION'] = await signJwtV2(message, this.keys.privateKey, now);
    }
    return { headers, body };
  }

  #retryAfterOf(header: unknown): number | undefined {
    if (typeof header !== 'string') return undefined;
    const ms = /^\d{1,9}$/.test(header)
      ? Number(header) * 1000
      : Date.parse(header) - this.clock.now().getTime();
    return Number.isNaN(ms) ? undefined : Math.min(Math.max(ms, 0), LONGEST_RETRY_AFTER_MS);
  }
}

function bytesOf(text: string | undefined): Buffer | undefined {
  return text === undefined ? undefined : Buffer.from(text);
}

/** The code of a network error. Its message is not used: it may quote an address or a header. */
export function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return 'unknown error';
  const { code, name } = error as { readonly code?: unknown; readonly name?: unknown };
  return [code, name].find((word) => typeof word === 'string') ?? 'unknown error';
}
