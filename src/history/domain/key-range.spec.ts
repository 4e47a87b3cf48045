import { textsFrom, uuidsFrom } from './key-range';

describe('keys that begin so', () => {
  it.each([
    ['0d9c1f6', undefined],
    ['0d9c1f6e', ['0d9c1f6e-0000-0000-0000-000000000000', '0d9c1f6e-ffff-ffff-ffff-ffffffffffff']],
    ['0D9C1F6E-6', ['0d9c1f6e-6000-0000-0000-000000000000', '0d9c1f6e-6fff-ffff-ffff-ffffffffffff']],
    ['0d9c1f6e-', ['0d9c1f6e-0000-0000-0000-000000000000', '0d9c1f6e-ffff-ffff-ffff-ffffffffffff']],
    ['0d9c1f6e6d', undefined],
    ['proposta', undefined],
    ['0d9c1f6e-6d5c-4a3e-9a55-0f4a2f6b7c111', undefined],
  ])('%s as UUIDs: %j', (prefix, ends) => {
    const range = uuidsFrom(prefix);
    expect(range && [range.from, range.to]).toEqual(ends);
  });

  it('as texts, all that begin so and no other', () => {
    const { from = '', to = '' } = textsFrom('auction-1') ?? {};
    const isIn = (key: string): boolean =>
      Buffer.compare(Buffer.from(key), Buffer.from(from)) >= 0 &&
      Buffer.compare(Buffer.from(key), Buffer.from(to)) <= 0;
    expect(
      ['auction-1', 'auction-12', 'auction-1zç😀', 'auction-2', 'auction-0', 'auction-'].map(isIn),
    ).toEqual([true, true, true, false, false, false]);
    expect(textsFrom('auction')).toBeUndefined();
  });
});
