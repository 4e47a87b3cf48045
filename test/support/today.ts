import { SAO_PAULO } from '../../src/kernel';

/** Today, as SQL: people's day. A session's own is another one from nine in the evening, where it runs on UTC. */
export const TODAY = `(now() AT TIME ZONE '${SAO_PAULO}')::date`;
