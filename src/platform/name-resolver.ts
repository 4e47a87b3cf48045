import type { LookupAddress } from 'node:dns';
import { lookup, Resolver } from 'node:dns/promises';
import { readFile } from 'node:fs/promises';
import type { LookupFunction } from 'node:net';
import { Agent, fetch } from 'undici';
import { codeOf } from '../kernel';

interface NameLimits {
  /** What the name's servers have not said by then is not known. */
  readonly withinMs: number;
  /** Asked instead of those of the system. */
  readonly servers?: readonly string[];
  readonly hostsFile: string;
}

const LIMITS: NameLimits = { withinMs: 5_000, hostsFile: '/etc/hosts' };
const QUERY = { timeout: 2_000, tries: 2 };
/** Once the addresses of one family are there, those of the other are not waited for any longer. */
const OTHER_FAMILY_MS = 250;
const FAMILIES = [4, 6] as const;
const THIS_MACHINE: readonly LookupAddress[] = [
  { address: '127.0.0.1', family: 4 },
  { address: '::1', family: 6 },
];
const UNKNOWN = /^(ENOTFOUND|ENODATA)$/;

/**
 * Resolves the names that people and settings send us to, so that none of them can keep QI and the database from being
 * found: Node's own lookup waits in one of two threads for as long as a name's servers are silent, and whoever asks next
 * waits behind it. This one asks the name servers without a thread and gives up. /etc/hosts comes first, as with Node; a
 * name that no name server knows (one that needs a search domain) is asked of the system, one at a time.
 */
export class NameResolver {
  readonly #limits: NameLimits;
  #agent: Agent | undefined;
  /** The thread that we may take. */
  #thread: Promise<unknown> = Promise.resolve();

  constructor(limits: Partial<NameLimits> = {}) {
    this.#limits = { ...LIMITS, ...limits };
  }

  /** As fetch does it, and with its own connections. */
  readonly fetch: typeof fetch = (input, init) => {
    this.#agent ??= new Agent({ connect: { lookup: this.lookup() } });
    return fetch(input, { ...init, dispatcher: this.#agent });
  };

  /** As Node's connections take it. @param pick which addresses may be connected to; throws when it is none */
  lookup(pick = (addresses: readonly LookupAddress[]) => addresses): LookupFunction {
    return (host, { all, family }, callback) => {
      this.resolve(host)
        .then(pick)
        .then((addresses) => oneAtLeast(host, addresses.filter(isOf(family))))
        .then(
          (addresses) => {
            if (all === true) callback(null, [...addresses]);
            else callback(null, addresses[0].address, addresses[0].family);
          },
          (error: unknown) => {
            callback(error as NodeJS.ErrnoException, '');
          },
        );
    };
  }

  /** @throws Error with the code ENOTFOUND when there is no such name, else EAI_AGAIN */
  async resolve(host: string): Promise<readonly LookupAddress[]> {
    const name = host.toLowerCase().replace(/\.$/, '');
    const pinned = await this.#pinned(name);
    if (pinned.length > 0) return pinned;
    if (name === 'localhost') return THIS_MACHINE;
    const until = AbortSignal.timeout(this.#limits.withinMs);
    return (await this.#askServers(host, until)) ?? this.#askSystem(host, until);
  }

  async #pinned(name: string): Promise<readonly LookupAddress[]> {
    const text = await readFile(this.#limits.hostsFile, 'utf8').catch(() => '');
    return text
      .split('\n')
      .map((line) => line.replace(/#.*/, '').trim().toLowerCase().split(/\s+/))
      .filter(([, ...names]) => names.includes(name))
      .map(([address = '']) => ({ address, family: address.includes(':') ? 6 : 4 }));
  }

  /** @returns undefined when they say that they know no address of it */
  async #askServers(host: string, until: AbortSignal): Promise<LookupAddress[] | undefined> {
    // One for each name: it is given up alone, and knows the name servers of now.
    const resolver = new Resolver(QUERY);
    if (this.#limits.servers !== undefined) resolver.setServers(this.#limits.servers);
    const giveUp = (): void => {
      resolver.cancel();
    };
    until.addEventListener('abort', giveUp);
    const asked = FAMILIES.map(async (family) => {
      const addresses = await (family === 4 ? resolver.resolve4(host) : resolver.resolve6(host));
      setTimeout(giveUp, OTHER_FAMILY_MS).unref();
      return addresses.map((address) => ({ address, family }));
    });
    const answers = await Promise.allSettled(asked);
    until.removeEventListener('abort', giveUp);
    const found = answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
    if (found.length > 0) return found;
    const failure = answers.find((answer) => answer.status === 'rejected' && !isUnknown(answer.reason));
    if (failure !== undefined) throw notResolved(host);
    return undefined;
  }

  async #askSystem(host: string, until: AbortSignal): Promise<readonly LookupAddress[]> {
    const asked = this.#thread.then(() => {
      if (until.aborted) throw notResolved(host);
      return lookup(host, { all: true });
    });
    this.#thread = asked.catch(() => undefined);
    const isLate = new Promise<never>((_, late) => {
      until.addEventListener('abort', () => {
        late(notResolved(host));
      });
    });
    return Promise.race([asked, isLate]);
  }
}

function isOf(family: number | string | undefined): (address: LookupAddress) => boolean {
  const wanted = Number(String(family ?? 0).replace('IPv', ''));
  return (address) => wanted === 0 || address.family === wanted;
}

function oneAtLeast(
  host: string,
  addresses: readonly LookupAddress[],
): readonly [LookupAddress, ...LookupAddress[]] {
  const [first, ...more] = addresses;
  if (first === undefined)
    throw Object.assign(new Error(`${host} has no such address`), { code: 'ENOTFOUND' });
  return [first, ...more];
}

function isUnknown(error: unknown): boolean {
  return UNKNOWN.test(codeOf(error) ?? '');
}

function notResolved(host: string): Error {
  return Object.assign(new Error(`the name servers say nothing of ${host}`), { code: 'EAI_AGAIN' });
}
