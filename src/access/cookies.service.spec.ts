import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Settings } from '../platform';
import { Cookies } from './cookies.service';

const cookies = (isSecure: boolean) => new Cookies({ COOKIES_SECURE: isSecure } as Settings);

function given(isSecure: boolean, kind: 'session' | 'pending_oidc' | 'known_browser'): string {
  const headers: string[] = [];
  const reply = { header: (_: string, value: string) => headers.push(value) } as unknown as FastifyReply;
  cookies(isSecure).set(reply, kind, 'x', 60);
  return headers.join('\n');
}

describe('a cookie', () => {
  it.each([
    ['session', true, '__Host-arremate=x; Path=/; Max-Age=60; HttpOnly; SameSite=Strict; Secure'],
    ['pending_oidc', true, '__Host-arremate-oidc=x; Path=/; Max-Age=60; HttpOnly; SameSite=Lax; Secure'],
    ['known_browser', true, '__Host-arremate-known=x; Path=/; Max-Age=60; HttpOnly; SameSite=Strict; Secure'],
    ['session', false, 'arremate=x; Path=/; Max-Age=60; HttpOnly; SameSite=Strict'],
    ['pending_oidc', false, 'arremate-oidc=x; Path=/; Max-Age=60; HttpOnly; SameSite=Lax'],
    ['known_browser', false, 'arremate-known=x; Path=/; Max-Age=60; HttpOnly; SameSite=Strict'],
  ] as const)('%s, where all goes over https: %s', (kind, isSecure, header) => {
    expect(given(isSecure, kind)).toBe(header);
  });

  it.each([
    ['__Host-arremate=mine', 'mine'],
    ['arremate-known=x; __Host-arremate=mine; other=y', 'mine'],
    ['arremate=planted over http', undefined],
    ['__Host-arremate=one; __Host-arremate=two', undefined],
    ['__Host-arremate-oidc=x', undefined],
    [undefined, undefined],
  ])('of %s is read as %s', (cookie, value) => {
    const request = { headers: { cookie } } as FastifyRequest;
    expect(cookies(true).read(request, 'session')).toBe(value);
  });
});
