import { Secret, TOTP } from 'otpauth';

const PERIOD_SECONDS = 30;
/** Codes of the step before and after are taken too: telephones' clocks differ. */
const TOLERATED_STEPS = 1;

function totp(secret: string, username: string): TOTP {
  return new TOTP({
    issuer: 'Arremate',
    label: username,
    secret: Secret.fromBase32(secret),
    algorithm: 'SHA1', // what every authenticator understands
    digits: 6,
    period: PERIOD_SECONDS,
  });
}

/** A new shared secret for one-time codes (RFC 6238), in base 32. */
export function newTotpSecret(): string {
  return new Secret({ size: 20 }).base32;
}

/** What an authenticator reads from a QR code. */
export function totpUri(secret: string, username: string): string {
  return totp(secret, username).toString();
}

/** The 30-second step that the code belongs to; undefined when it is no code of about now. */
export function stepOfCode(secret: string, code: string, now: Date): number | undefined {
  const delta = totp(secret, '').validate({
    token: code,
    timestamp: now.getTime(),
    window: TOLERATED_STEPS,
  });
  return delta === null ? undefined : Math.floor(now.getTime() / 1000 / PERIOD_SECONDS) + delta;
}
