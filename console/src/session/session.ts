import { attendance } from './attendance';

/**
 * Who is signed in, and what every request carries to say so. A person's session is in a cookie that scripts cannot
 * read; what is kept here is only the token that proves that a request comes from our pages. A script's token, for
 * those who prefer it, lives in this tab and goes with it.
 */
const STORED_TOKEN = 'arremate.token';

let csrfToken: string | null = null;

export function apiToken(): string | null {
  return sessionStorage.getItem(STORED_TOKEN);
}

export function keepApiToken(token: string | null): void {
  if (token === null) sessionStorage.removeItem(STORED_TOKEN);
  else sessionStorage.setItem(STORED_TOKEN, token);
}

export function keepCsrfToken(token: string | null): void {
  csrfToken = token;
}

/** Puts on a request what shows who makes it, and whether anybody is there. */
export function authenticate(headers: Headers, method: string): void {
  attendance.mark(headers, method);
  const token = apiToken();
  if (token !== null) headers.set('authorization', `Bearer ${token}`);
  else if (csrfToken !== null && method !== 'GET') headers.set('x-csrf-token', csrfToken);
}
