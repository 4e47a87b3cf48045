import * as http from 'node:http';
import * as https from 'node:https';
import { HttpService } from '@nestjs/axios';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { isAxiosError, type AxiosResponse } from 'axios';
import { stringifyJson, type Clock } from '../kernel';
import { CLOCK } from '../platform';
import { decodeBody, encodeBody } from './encoded-body-v1';
import { signJwtV2 } from './jwt-v2';
import { QiKeys } from './qi-keys';
import { QI_SETTINGS, type QiSettings } from './qi-settings';

export interface QiCall {
  readonly method: 'GET' | 'POST' | 'PATCH';
  /** Segments of the path, not yet escaped; keys of QI's may stand among them. */
  readonly path: readonly string[];
  readonly query?: Readonly<Record<string, string>>;
  /** Written as JSON with exact decimals. POST and PATCH without one send `{}`. */
  readonly body?: object;
  readonly timeoutMs: number;
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
  | { readonly kind: 'no_answer'; readonly why: string };

/**
 * An idle connection is closed by us before the other side would: a request written into a connection that is just
 * being closed is lost without anybody knowing whether it was read.
 */
const IDLE_CONNECTION_MS = 4_000;
const LONGEST_RETRY_AFTER_MS = 3_600_000;

/** One HTTP exchange with QI at a time, signed as set. Follows no redirect, uses no proxy, repeats nothing. */
@Injectable()
export class QiClient implements OnApplicationShutdown {
  private readonly origin: string;
  private readonly pathPrefix: string;
  private readonly agent: http.Agent;

  constructor(
    private readonly httpService: HttpService,
    @Inject(QI_SETTINGS) private readonly settings: QiSettings,
    private readonly keys: QiKeys,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {
    const base = new URL(settings.baseUrl);
    this.origin = base.origin;
    this.pathPrefix = base.pathname.replace(/\/+$/, '');
    const options = { keepAlive: true, maxSockets: settings.maxSockets, timeout: IDLE_CONNECTION_MS };
    this.agent = this.#isHttps ? new https.Agent(options) : new http.Agent(options);
  }

  onApplicationShutdown(): void {
    this.agent.destroy();
  }

  /** Never throws: whatever the network, QI or a key of QI's does is one of the exchanges. */
  async exchange(call: QiCall): Promise<QiExchange> {
    const endpoint = this.#endpointOf(call);
    if (endpoint === undefined) return { kind: 'not_sent', why: 'the key cannot stand in a path' };
    const timeoutMs = Math.floor(Math.min(call.timeoutMs, this.settings.timeoutMs));
    if (!(timeoutMs >= 1)) return { kind: 'not_sent', why: 'no time left' };

    const signal = AbortSignal.timeout(timeoutMs);
    const progress = { sent: false };
    try {
      const response = await this.#send(call, endpoint, signal, () => {
        progress.sent = true;
      });
      return await this.#read(call.method, endpoint, response);
    } catch (error) {
      const why = signal.aborted ? `no answer within ${timeoutMs} ms` : codeOf(error);
      return { kind: progress.sent ? 'no_answer' : 'not_sent', why };
    }
  }

  get #isHttps(): boolean {
    return this.origin.startsWith('https:');
  }

  /** The path as it will be signed and sent; undefined when a segment (such as `..`) would change on the way. */
  #endpointOf({ path, query }: QiCall): string | undefined {
    const search = query === undefined ? '' : `?${new URLSearchParams(query).toString()}`;
    const endpoint = `${this.pathPrefix}/${path.map(encodeURIComponent).join('/')}${search}`;
    const url = new URL(endpoint, this.origin);
    return path.every((segment) => segment !== '') && url.pathname + url.search === endpoint
      ? endpoint
      : undefined;
  }

  async #send(
    call: QiCall,
    endpoint: string,
    signal: AbortSignal,
    onSent: () => void,
  ): Promise<AxiosResponse<string>> {
    const { headers, data } = await this.#sign(call, endpoint);
    return this.httpService.axiosRef.request<string>({
      method: call.method,
      url: this.origin + endpoint,
      headers: { accept: 'application/json', 'user-agent': 'arremate', ...headers },
      data,
      signal,
      transport: this.#transport(onSent),
      httpAgent: this.agent,
      httpsAgent: this.agent,
      proxy: false,
      maxRedirects: 0,
      maxContentLength: this.settings.maxResponseBytes,
      responseType: 'text',
      transformRequest: [(bytes: unknown) => bytes],
      transformResponse: [(text: unknown) => text],
      validateStatus: () => true,
    });
  }

  /** Headers and bytes of the request, signed over exactly these bytes. */
  async #sign(
    { method, body }: QiCall,
    endpoint: string,
  ): Promise<{ readonly headers: Record<string, string>; readonly data: Buffer | undefined }> {
    const { signing, apiClientKey } = this.settings;
    const json = method === 'GET' ? undefined : stringifyJson(body ?? {});
    const headers: Record<string, string> = { 'API-CLIENT-KEY': apiClientKey };
    if (json !== undefined) headers['content-type'] = 'application/json';

    if (signing === 'encoded-body-v1') {
      const sender = { apiClientKey, key: this.keys.privateKey };
      const encoded = await encodeBody({ method, endpoint, json }, sender, this.clock.now());
      headers['AUTHORIZATION'] = encoded.authorization;
      return { headers, data: bytesOf(encoded.body) };
    }
    const data = bytesOf(json);
    if (signing === 'jwt-v2') {
      const message = { method, uri: endpoint, body: data ?? Buffer.alloc(0) };
      headers['AUTHORIZATION'] = await signJwtV2(message, this.keys.privateKey, this.clock.now());
    }
    return { headers, data };
  }

  /**
   * Node's own HTTP, watched: until a connection is ready, a request waits in memory. That, and no list of error
   * codes, tells a refused connection, an unknown name or a failed TLS handshake from an answer that got lost.
   */
  #transport(onSent: () => void): { request: typeof http.request } {
    const { request, ready } = this.#isHttps
      ? { request: https.request, ready: 'secureConnect' }
      : { request: http.request, ready: 'connect' };
    const watched = (options: http.RequestOptions, onResponse?: (response: http.IncomingMessage) => void) =>
      request(options, onResponse).once('socket', (socket) => {
        if (socket.connecting) socket.once(ready, onSent);
        else onSent();
      });
    return { request: watched as typeof http.request };
  }

  async #read(method: string, endpoint: string, response: AxiosResponse<string>): Promise<QiExchange> {
    const answered = {
      kind: 'answered',
      httpStatus: response.status,
      retryAfterMs: this.#retryAfterOf(response.headers['retry-after']),
      text: response.data,
    } as const;
    const isSuccess = response.status >= 200 && response.status < 300;
    const mayBePlain = response.data === '' || (!isSuccess && !response.data.includes('encoded_body'));
    if (this.settings.signing !== 'encoded-body-v1' || mayBePlain) return answered;

    const authorization: unknown = response.headers['authorization'];
    const decoded = await decodeBody(
      {
        method,
        endpoint,
        authorization: typeof authorization === 'string' ? authorization : undefined,
        body: Buffer.from(response.data),
      },
      { apiClientKey: this.settings.apiClientKey, keys: this.keys.publicKeys },
    );
    return decoded.kind === 'authentic'
      ? { ...answered, text: decoded.body.toString('utf8') }
      : { kind: 'no_answer', why: `HTTP ${response.status} without QI's signature: ${decoded.why}` };
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
function codeOf(error: unknown): string {
  const code = isAxiosError(error) ? error.code : undefined;
  return code ?? (error instanceof Error ? error.name : 'unknown error');
}
