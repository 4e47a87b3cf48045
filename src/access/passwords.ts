import { hash, verify } from '@node-rs/argon2';
import { bulkhead, isBulkheadRejectedError, type IPolicy } from 'cockatiel';
import { ProblemException } from '../platform';

/** OWASP's recommendation for argon2id (the library's default algorithm): 19 MiB, two passes, one lane. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/**
 * Each hash takes a core for some 30 ms and one of Node's four threads, which look up QI's address too: one at a time for
 * strangers, and one for those who have shown something already (a known browser, a session, a link), so that a crowd at
 * the door holds up neither them nor the bids.
 */
const LANES = { strangers: bulkhead(1, 64), guests: bulkhead(1, 32) };

export type PasswordLane = keyof typeof LANES;

/** @throws ProblemException 429 when too many wait already */
export function hashPassword(password: string): Promise<string> {
  return inLane(LANES.guests, () => hash(password, COST));
}

/**
 * A user who does not exist takes as long to refuse as one who does.
 * @throws ProblemException 429 when too many wait already
 */
export async function isPassword(
  password: string,
  storedHash: string | undefined,
  lane: PasswordLane,
): Promise<boolean> {
  const compared = storedHash ?? (await nobodysHash);
  const matches = await inLane(LANES[lane], () => verify(compared, password));
  return storedHash !== undefined && matches;
}

async function inLane<T>(lane: IPolicy, work: () => Promise<T>): Promise<T> {
  try {
    return await lane.execute(work);
  } catch (error) {
    if (!isBulkheadRejectedError(error)) throw error;
    throw new ProblemException(429, { type: 'too_many_failures', title: 'Muitas tentativas; aguarde' });
  }
}

const nobodysHash = hash('no password of anybody', COST);
