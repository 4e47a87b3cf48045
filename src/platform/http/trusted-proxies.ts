import { isIP } from 'node:net';

/** Whose X-Forwarded-For is believed: so many proxies in a row, or those at these addresses. As fastify reads it. */
export type TrustedProxies = number | string[];

const MOST_HOPS = 10;
/** What fastify calls networks that never leave a machine or a house. */
const NAMED = new Set(['loopback', 'linklocal', 'uniquelocal']);

/** @returns undefined for what is neither a number of proxies nor a list of addresses, or would believe everybody */
export function trustedProxiesIn(text: string): TrustedProxies | undefined {
  if (/^\d+$/.test(text)) {
    const hops = Number(text);
    return hops >= 1 && hops <= MOST_HOPS ? hops : undefined;
  }
  const networks = text.split(',').map((part) => part.trim());
  return networks.every(isNetwork) ? networks : undefined;
}

function isNetwork(text: string): boolean {
  if (NAMED.has(text)) return true;
  const [address = '', prefix, ...more] = text.split('/');
  const version = isIP(address);
  if (version === 0 || more.length > 0) return false;
  if (prefix === undefined) return true;
  return /^[1-9]\d{0,2}$/.test(prefix) && Number(prefix) <= (version === 4 ? 32 : 128);
}
