import { trustedProxiesIn } from './trusted-proxies';

describe('whose X-Forwarded-For is believed', () => {
  it.each([
    ['1', 1],
    ['10', 10],
    ['10.0.0.7', ['10.0.0.7']],
    ['10.0.0.0/8, 2001:db8::/32', ['10.0.0.0/8', '2001:db8::/32']],
    ['loopback,uniquelocal', ['loopback', 'uniquelocal']],
  ])('%s', (text, read) => {
    expect(trustedProxiesIn(text)).toEqual(read);
  });

  it.each([
    ['0'],
    ['11'],
    ['-1'],
    ['true'],
    ['*'],
    ['0.0.0.0/0'], // everybody
    ['::/0'],
    ['10.0.0.0/33'],
    ['10.0.0.0/08'],
    ['10.0.0/8'],
    ['10.0.0.0/8/8'],
    ['10.0.0.0/8,'],
    ['10.0.0.0/8;10.1.0.0/16'],
    ['proxy.example'],
  ])('is nobody known by %s', (text) => {
    expect(trustedProxiesIn(text)).toBeUndefined();
  });
});
