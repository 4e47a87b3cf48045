import { FieldCipher } from './field-cipher';

const [oldKey, newKey] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)];
const COLUMN = 'auction.personal_ciphertext';

describe('FieldCipher', () => {
  const cipher = new FieldCipher([newKey, oldKey]);
  const sealed = cipher.encrypt('Maria', COLUMN, 'a');

  it('reads what it wrote, where it wrote it', () => {
    expect(cipher.decrypt(sealed, COLUMN, 'a').toString()).toBe('Maria');
    expect(sealed.keyId).toBe(`${cipher.currentKeyId}.bound`);
  });

  it.each([
    ['another row', COLUMN, 'b'],
    ['another column of the same row', 'operation.borrower_ciphertext', 'a'],
    ['a place that only sounds alike', 'webhook_event.raw_ciphertext', 'personal_ciphertext\0a'],
  ] as const)('refuses it in %s', (_, column, row) => {
    expect(() => cipher.decrypt(sealed, column, row)).toThrow('unable to authenticate');
  });

  it('refuses it as one of the time before, whatever stands beside it', () => {
    const stripped = { ...sealed, keyId: cipher.currentKeyId };
    expect(() => cipher.decrypt(stripped, COLUMN, 'a')).toThrow('not bound to its place');
    const reader = new FieldCipher([newKey], 'binding');
    expect(() => reader.decrypt(stripped, COLUMN, 'a')).toThrow('unable to authenticate');
  });

  it('refuses every altered byte', () => {
    for (let at = 0; at < sealed.ciphertext.length; at += 1) {
      const ciphertext = Buffer.from(sealed.ciphertext);
      ciphertext[at] = Number(ciphertext[at]) ^ 1;
      expect(() => cipher.decrypt({ ...sealed, ciphertext }, COLUMN, 'a')).toThrow('unable to authenticate');
    }
  });

  it('reads nothing as nothing', () => {
    expect(cipher.decrypt({ keyId: 'any', ciphertext: Buffer.alloc(0) }, COLUMN, 'a')).toHaveLength(0);
  });

  it('reads with every key it has, writes with the first, and says which is missing', () => {
    const before = new FieldCipher([oldKey]).encrypt('x', COLUMN, 'a');
    expect(cipher.decrypt(before, COLUMN, 'a').toString()).toBe('x');
    expect(() => new FieldCipher([newKey]).decrypt(before, COLUMN, 'a')).toThrow(
      new FieldCipher([oldKey]).currentKeyId,
    );
    expect(() => new FieldCipher([])).toThrow(RangeError);
  });

  it('writes with the old key while a new one is on its way to others, and is found by the old one', () => {
    const underWay = new FieldCipher([oldKey, newKey, oldKey]);
    expect(underWay.currentKeyId).toBe(new FieldCipher([oldKey]).currentKeyId);
    expect(underWay.decrypt(sealed, COLUMN, 'a').toString()).toBe('Maria');
  });

  it('awaits a key that it was not given for an hour, and no longer', () => {
    const before = new FieldCipher([oldKey]);
    const now = jest.spyOn(performance, 'now').mockReturnValue(0);
    try {
      expect(before.awaitedKeyIds).toEqual([]);
      expect(() => {
        before.awaitKey(sealed);
      }).toThrow('no encryption key with id');
      expect(before.awaitedKeyIds).toContain(sealed.keyId);
      before.awaitKey({ ...sealed, ciphertext: Buffer.alloc(0) });
      now.mockReturnValue(3_600_000);
      before.awaitKey(sealed);
      expect(before.awaitedKeyIds).toEqual([]);
      expect(() => before.decrypt(sealed, COLUMN, 'a')).toThrow('no encryption key with id');
    } finally {
      now.mockRestore();
    }
  });

  it('shows what it can open, says once of what it cannot, and goes on', () => {
    const told: unknown[] = [];
    const showing = new FieldCipher([newKey], 'bound', (...what) => told.push(what));
    const lost = new FieldCipher([oldKey]).encrypt('x', COLUMN, 'a');
    for (const row of ['a', 'a', 'b']) expect(showing.decryptOrTell(lost, COLUMN, row)).toBeUndefined();
    const kept = showing.encrypt('x', COLUMN, 'c');
    expect(showing.decryptOrTell(kept, COLUMN, 'c')?.toString()).toBe('x');
    expect(told).toEqual([
      [COLUMN, 'a', expect.any(Error)],
      [COLUMN, 'b', expect.any(Error)],
    ]);
  });

  it('goes from the one way to the other in three stages, and never back', () => {
    const moving = new FieldCipher([newKey], 'unbound');
    const unbound = moving.encrypt('x', COLUMN, 'a');
    expect(unbound.keyId).toBe(moving.currentKeyId);
    expect(moving.decrypt(sealed, COLUMN, 'a').toString()).toBe('Maria'); // of a process that is a step further

    moving.follow('binding');
    expect(moving.encrypt('x', COLUMN, 'a').keyId).toMatch(/\.bound$/);
    expect(moving.decrypt(unbound, COLUMN, 'b').toString()).toBe('x');

    moving.follow('bound');
    moving.follow('unbound');
    expect(moving.stage).toBe('bound');
    expect(() => moving.decrypt(unbound, COLUMN, 'a')).toThrow('not bound to its place');
  });

  it('uses no nonce twice', () => {
    const nonces = Array.from({ length: 1_000 }, () =>
      cipher.encrypt('', COLUMN, 'a').ciphertext.subarray(0, 12).toString('hex'),
    );
    expect(new Set(nonces).size).toBe(1_000);
  });
});
