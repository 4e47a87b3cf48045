import { createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '../kernel';
import { CLOCK, SETTINGS, type Settings } from '../platform';

const DAY_SECONDS = 86_400;

/**
 * Browsers in which somebody has signed in before. What such a browser keeps is a mark, signed for that one name: it
 * opens nothing, but what strangers do to the name or the address does not hold it up. (OWASP calls it a device cookie.)
 */
@Injectable()
export class KnownBrowsers {
  /** The first signs, all are taken: the keys rotate with ARREMATE_ENCRYPTION_KEY. */
  readonly #keys: readonly Buffer[];
  readonly maxAgeSeconds: number;

  constructor(
    @Inject(SETTINGS) { ARREMATE_ENCRYPTION_KEY, engine }: Settings,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {
    this.#keys = ARREMATE_ENCRYPTION_KEY.map((key) =>
      Buffer.from(hkdfSync('sha256', key, '', 'arremate known browser', 32)),
    );
    this.maxAgeSeconds = engine.access.known_browser_days * DAY_SECONDS;
  }

  /** A mark for the browser in which this user has just signed in. */
  mark(username: string): string {
    const [key] = this.#keys;
    if (key === undefined) throw new Error('settings without an encryption key');
    const id = randomBytes(16).toString('base64url');
    const expires = String(Math.floor(this.clock.now().getTime() / 1000) + this.maxAgeSeconds);
    return `${id}.${expires}.${signature(key, [username, id, expires]).toString('base64url')}`;
  }

  /** The id of the browser; undefined for a mark that is not ours, too old, or another name's. */
  idOf(mark: string | undefined, username: string): string | undefined {
    const [id = '', expires = '', signed = ''] = (mark ?? '').split('.');
    const given = Buffer.from(signed, 'base64url');
    const isOurs = this.#keys.some((key) => {
      const right = signature(key, [username, id, expires]);
      return given.length === right.length && timingSafeEqual(given, right);
    });
    return isOurs && Number(expires) * 1000 > this.clock.now().getTime() ? id : undefined;
  }
}

function signature(key: Buffer, parts: readonly string[]): Buffer {
  return createHmac('sha256', key).update(parts.join('\n')).digest();
}
