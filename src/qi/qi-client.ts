import * as http from 'node:http';
import * as https from 'node:https';
import { HttpService } from '@nestjs/axios';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { AxiosResponse } from 'axios';
import {
  codeOf,
  IDLE_CONNECTION_MS,
  NO_PATH,
  QiMessages,
  type QiExchange,
  type QiRequest,
  type WrittenRequest,
} from './qi-message';
import { verdictOf } from './qi-answer';
import { QI_SETTINGS, type QiSettings } from './qi-settings';

export interface QiCall extends QiRequest {
  readonly timeoutMs: number;
  /** Asked when the connection is ready, before the first byte: why nothing may be sent any more; undefined when it may. */
  readonly refusal?: () => string | undefined;
}

/** What has become of a request so far. */
interface Progress {
  sent: boolean;
  /** Why it was not to be sent after all. */
  refusal: string | undefined;
  /** As the head of its answer says; the rest may never come. */
  httpStatus: number | undefined;
}

/** One HTTP exchange with QI at a time, signed as set. Follows no redirect, uses no proxy, repeats nothing. */
@Injectable()
export class QiClient implements OnApplicationShutdown {
  private readonly agent: http.Agent;

  constructor(
    private readonly httpService: HttpService,
    @Inject(QI_SETTINGS) private readonly settings: QiSettings,
    private readonly messages: QiMessages,
  ) {
    const options = { keepAlive: true, maxSockets: settings.maxSockets, timeout: IDLE_CONNECTION_MS };
    this.agent = this.#isHttps ? new https.Agent(options) : new http.Agent(options);
  }

  onApplicationShutdown(): void {
    this.agent.destroy();
  }

  /** Never throws: whatever the network, QI or a key of QI's does is one of the exchanges. */
  async exchange(call: QiCall): Promise<QiExchange> {
    const timeoutMs = Math.floor(Math.min(call.timeoutMs, this.settings.timeoutMs));
    if (!(timeoutMs >= 1)) return { kind: 'not_sent', why: 'no time left' };

    const signal = AbortSignal.timeout(timeoutMs);
    const progress: Progress = { sent: false, refusal: undefined, httpStatus: undefined };
    try {
      const request = await this.messages.write(call);
      if (request === undefined) return { kind: 'not_sent', why: NO_PATH };
      const response = await this.#send(request, signal, this.#transport(progress, call.refusal));
      return await this.messages.read(request, {
        httpStatus: response.status,
        headers: response.headers,
        text: response.data,
      });
    } catch (error) {
      if (progress.refusal !== undefined) return { kind: 'not_sent', why: progress.refusal };
      const why = signal.aborted ? `no answer within ${timeoutMs} ms` : codeOf(error);
      if (!progress.sent) return { kind: 'not_sent', why };
      return { kind: 'no_answer', why, ...this.#yesIn(progress) };
    }
  }

  #yesIn({ httpStatus }: Progress): { readonly httpStatus?: number } {
    if (this.settings.signing === 'encoded-body-v1' || httpStatus === undefined) return {};
    return verdictOf(httpStatus) === 'accepted' ? { httpStatus } : {};
  }

  get #isHttps(): boolean {
    return this.messages.origin.startsWith('https:');
  }

  #send(
    { method, endpoint, headers, body }: WrittenRequest,
    signal: AbortSignal,
    transport: { request: typeof http.request },
  ): Promise<AxiosResponse<string>> {
    return this.httpService.axiosRef.request<string>({
      method,
      url: this.messages.origin + endpoint,
      headers: { ...headers },
      data: body,
      signal,
      transport,
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

  /**
   * Node's own HTTP, watched: until a connection is ready, a request waits in memory. That, and no list of error
   * codes, tells a refused connection, an unknown name or a failed TLS handshake from an answer that got lost. In that
   * moment, too, the caller may still say no.
   */
  #transport(progress: Progress, refusal: QiCall['refusal']): { request: typeof http.request } {
    const { request, ready } = this.#isHttps
      ? { request: https.request, ready: 'secureConnect' }
      : { request: http.request, ready: 'connect' };
    const watched = (options: http.RequestOptions, onResponse?: (response: http.IncomingMessage) => void) => {
      const outgoing = request(options, (response) => {
        progress.httpStatus = response.statusCode;
        onResponse?.(response);
      });
      const onReady = (): void => {
        progress.refusal = refusal?.();
        if (progress.refusal === undefined) progress.sent = true;
        else outgoing.destroy(new Error(progress.refusal));
      };
      return outgoing.once('socket', (socket) => {
        if (socket.connecting) socket.once(ready, onReady);
        else onReady();
      });
    };
    return { request: watched as typeof http.request };
  }
}
