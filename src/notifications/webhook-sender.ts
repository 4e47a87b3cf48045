import type { LookupAddress } from 'node:dns';
import * as http from 'node:http';
import * as https from 'node:https';
import { isIP } from 'node:net';
import { codeOf } from '../kernel';
import type { NameResolver } from '../platform';
import { isLoopbackAddress, isPublicAddress } from './public-address';

export interface OutgoingWebhook {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** How one sending ended; nothing the other side says is kept but its status. */
export type SendResult =
  | { readonly kind: 'answered'; readonly httpStatus: number }
  /** A code, e.g. ECONNREFUSED, timeout, address_not_allowed; of a mail also which recipients have it all the same. */
  | { readonly kind: 'no_answer'; readonly error: string; readonly takenBy?: readonly string[] };

export interface SenderLimits {
  readonly timeoutMs: number;
  readonly maxAnswerBytes: number;
  /** For a development machine: webhooks may go to this machine too, and there over plain http. */
  readonly allowLoopback: boolean;
}

/** How long the other side may take to end what it says after its status. */
const BODY_MS = 1_000;
const NOT_ALLOWED = 'address_not_allowed';

/**
 * Posts to addresses that strangers name: https only, public addresses only, checked for the very address that is
 * connected to (a name may resolve differently the second time). Follows no redirect, uses no proxy, trusts no answer.
 */
export class WebhookSender {
  constructor(
    private readonly limits: SenderLimits,
    private readonly names: NameResolver,
  ) {}

  /** Why nothing may ever be sent to this URL; undefined when it may. A name is judged again when it is resolved. */
  refusalOf(text: string): 'not_a_url' | 'not_https' | 'has_credentials' | 'address_not_allowed' | undefined {
    if (!URL.canParse(text)) return 'not_a_url';
    const url = new URL(text);
    if (url.username !== '' || url.password !== '') return 'has_credentials';
    const host = hostOf(url);
    const isOurs = this.limits.allowLoopback && (host === 'localhost' || isLoopbackAddress(host));
    if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isOurs)) return 'not_https';
    if (isIP(host) !== 0 && !this.#isAllowed(host)) return NOT_ALLOWED;
    return undefined;
  }

  /** Never throws. */
  async send({ url, headers, body }: OutgoingWebhook): Promise<SendResult> {
    const refusal = this.refusalOf(url);
    if (refusal !== undefined) return { kind: 'no_answer', error: refusal };
    const signal = AbortSignal.timeout(this.limits.timeoutMs);
    try {
      return { kind: 'answered', httpStatus: await this.#post(new URL(url), headers, body, signal) };
    } catch (error) {
      return { kind: 'no_answer', error: signal.aborted ? 'timeout' : (codeOf(error) ?? 'failed') };
    }
  }

  #post(
    url: URL,
    headers: Readonly<Record<string, string>>,
    body: string,
    signal: AbortSignal,
  ): Promise<number> {
    return new Promise((done, failed) => {
      const request = (url.protocol === 'https:' ? https : http).request(url, {
        method: 'POST',
        headers: {
          'user-agent': 'arremate',
          ...headers,
          'content-length': Buffer.byteLength(body),
        },
        signal,
        agent: false,
        lookup: this.names.lookup((addresses) => this.#allowedOf(addresses)),
      });
      request.on('error', failed);
      // One that would go on in another protocol is cut by Node, which says no more than that it is closed.
      request.on('upgrade', ({ statusCode }, socket) => {
        socket.destroy();
        done(statusCode ?? 0);
      });
      request.on('response', (response) => {
        // The status is all we came for; the rest is read so that the other side can finish, and not for long. Only then
        // is it answered: who is sent the next at once must not have more connections than sendings.
        const status = response.statusCode ?? 0;
        const giveUp = setTimeout(() => response.destroy(), BODY_MS);
        response.on('close', () => {
          clearTimeout(giveUp);
          done(status);
        });
        let bytes = 0;
        request.off('error', failed).on('error', () => undefined);
        response.on('error', () => undefined);
        response.on('data', (chunk: Buffer) => {
          bytes += chunk.length;
          if (bytes > this.limits.maxAnswerBytes) response.destroy();
        });
      });
      request.end(body);
    });
  }

  /** Lets no address through that is not allowed, so that no connection is tried to one. */
  #allowedOf(addresses: readonly LookupAddress[]): readonly LookupAddress[] {
    const allowed = addresses.filter(({ address }) => this.#isAllowed(address));
    if (allowed.length === 0) throw Object.assign(new Error(NOT_ALLOWED), { code: NOT_ALLOWED });
    return allowed;
  }

  #isAllowed(address: string): boolean {
    return isPublicAddress(address) || (this.limits.allowLoopback && isLoopbackAddress(address));
  }
}

/** An IPv6 address stands in brackets in a URL. */
function hostOf(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '');
}
