import { ConcurrentIndexes } from '../database/concurrent-index';

/** Old failures at the sign-in door are found without reading the others. */
export class SignInThrottleIndex1700000011110 extends ConcurrentIndexes {
  protected readonly indexes = [['sign_in_throttle_until', 'ON sign_in_throttle (until)']] as const;
}
