import { createHmac } from 'node:crypto';

/**
 * What a page must send back in X-CSRF-Token with everything that changes something: it can only be read by pages of
 * this site, and follows from the session's secret without being it.
 */
export function csrfTokenOf(sessionSecret: string): string {
  return createHmac('sha256', sessionSecret).update('csrf').digest('base64url');
}
