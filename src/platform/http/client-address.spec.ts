import { addressIn } from './client-address';

describe('an address as proxies and sockets write it', () => {
  it.each([
    ['203.0.113.7', '203.0.113.7'],
    ['203.0.113.7:4711', '203.0.113.7'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['2001:DB8::7', '2001:db8::7'],
    ['[2001:db8::7]:4711', '2001:db8::7'],
    ['unknown', undefined],
    ['203.0.113', undefined],
    ['x'.repeat(100), undefined],
    ['', undefined],
  ])('%s is %s', (text, address) => {
    expect(addressIn(text)).toBe(address);
  });
});
