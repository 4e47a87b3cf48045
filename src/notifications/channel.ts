import { ProblemException } from '../platform';
import { PEOPLE_TYPES } from './domain';
import type { CHANNELS, EndpointRequest } from './notifications.dto';

/** How somebody is told: a system by a signed webhook, people by the others. */
export type Channel = (typeof CHANNELS)[number];

const MAILTO = 'mailto:';

/** Where an endpoint is, as it may be shown: an address in which a secret stands is cut to its host. */
export function shownAddress({ channel, url, recipients }: EndpointRequest): string {
  if (channel === 'email') return `${MAILTO}${recipients.join(',')}`;
  return channel === 'webhook' ? url : `${new URL(url).origin}/…`;
}

export function recipientsIn(shown: string): string[] {
  return shown.slice(MAILTO.length).split(',');
}

/** @throws ProblemException 422 where what is given does not fit the channel. */
export function checkChannel({ channel, url, recipients, event_types: types }: EndpointRequest): void {
  const isMail = channel === 'email';
  const wrong = [
    isMail && recipients.length === 0 && { path: 'recipients', message: 'must name somebody' },
    !isMail && recipients.length > 0 && { path: 'recipients', message: 'are for e-mail alone' },
    isMail && url !== '' && { path: 'url', message: 'is not for e-mail' },
    channel !== 'webhook' &&
      types.some((type) => !PEOPLE_TYPES.some((known) => known === type)) && {
        path: 'event_types',
        message: 'people are told of alerts and exports alone',
      },
  ].filter((problem) => problem !== false);
  if (wrong.length > 0)
    throw new ProblemException(422, { type: 'invalid', title: 'The request is not valid', errors: wrong });
}
