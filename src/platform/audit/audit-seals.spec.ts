import { AuditSeals } from './audit-seals';

const [oldKey, newKey] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)];
const hash = Buffer.alloc(32, 9);

describe('AuditSeals', () => {
  const seals = new AuditSeals([newKey, oldKey]);

  it('seals with the first key and checks with all', () => {
    expect(seals.check(hash, seals.seal(hash))).toBe('right');
    expect(seals.check(hash, new AuditSeals([oldKey]).seal(hash))).toBe('right');
    expect(seals.seal(hash)).toEqual(new AuditSeals([newKey]).seal(hash));
  });

  it('says what it cannot check', () => {
    expect(new AuditSeals([newKey]).check(hash, new AuditSeals([oldKey]).seal(hash))).toBe('unknown_key');
  });

  it.each([
    ['another hash', Buffer.alloc(32, 8), seals.seal(hash)],
    [
      'the seal of another key',
      hash,
      { ...seals.seal(hash), seal: new AuditSeals([oldKey]).seal(hash).seal },
    ],
    ['half a seal', hash, { ...seals.seal(hash), seal: seals.seal(hash).seal.subarray(0, 16) }],
    ['none', hash, { ...seals.seal(hash), seal: Buffer.alloc(0) }],
  ])('knows a wrong one: %s', (_, of, seal) => {
    expect(seals.check(of, seal)).toBe('wrong');
  });
});
