import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import fc from 'fast-check';
import { PackedEntries, PackedList } from './packed-list';
import { readList } from './read-list';

const packed = (values: readonly string[]): PackedList => {
  const entries = new PackedEntries();
  for (const value of values) entries.add(value);
  return PackedList.of(entries);
};

describe('a packed list', () => {
  const entry = fc.stringMatching(/^[0-9A-Z]{1,14}$/);
  it('holds exactly what was put in, sorted, whatever the order and the repeats', () => {
    fc.assert(
      fc.property(fc.array(entry), fc.array(entry), (inside, others) => {
        const list = packed(inside);
        expect([...list]).toEqual([...new Set(inside)].sort());
        expect(list.sha256).toBe(packed(inside.toReversed().concat(inside)).sha256);
        for (const value of [...inside, ...others]) expect(list.has(value)).toBe(inside.includes(value));
      }),
    );
  });
  it('is addressed by its entries, one a line', () => {
    const lines = (values: readonly string[]): string => values.map((value) => `${value}\n`).join('');
    for (const values of [[], ['B'], ['00737823780', '29113956000181', 'A']])
      expect(packed(values).sha256).toBe(createHash('sha256').update(lines(values)).digest('hex'));
    const many = Array.from({ length: 10_000 }, (_, at) => String(at).padStart(11, '0'));
    expect(packed(many).sha256).toBe(createHash('sha256').update(lines(many)).digest('hex'));
  });
  it('does not take a part, or something longer, for an entry', () => {
    const list = packed(['29113956000181']);
    expect(['', '29113956', '291139560001811'].map((value) => list.has(value))).toEqual([
      false,
      false,
      false,
    ]);
  });
});

describe('reading a list', () => {
  const read = (text: string, stopOnError = false) =>
    readList(Readable.from([text]), 'borrower_cpf', { stopOnError });

  it('takes punctuation and lost zeros, and reports bad lines by number without what stood there', async () => {
    const reading = await read(
      '\uFEFF007.378.237-80;Maria\r\n\r\n737823780\nnão\n"11144477735"\n123456789012\n',
    );
    expect([...(reading.list ?? [])]).toEqual(['00737823780', '11144477735']);
    expect(reading.badLines).toBe(2);
    expect(reading.problems.map(({ line }) => line)).toEqual([4, 6]);
    expect(JSON.stringify(reading.problems)).not.toContain('123456789012');
  });

  it('ends lines as every system does, wherever the pieces of the file are cut', async () => {
    const text = '00737823780\r\n\r\nx\r11144477735\n52998224725';
    for (let cut = 0; cut <= text.length; cut += 1) {
      const pieces = Readable.from([text.slice(0, cut), text.slice(cut)]);
      const { list, problems } = await readList(pieces, 'borrower_cpf');
      expect([...(list ?? [])]).toEqual(['00737823780', '11144477735', '52998224725']);
      expect(problems.map(({ line }) => line)).toEqual([3]);
    }
  });

  it('keeps no more than the beginning of a line without end, and reports it', async () => {
    const endless = function* () {
      yield '00737823780\n11144477735;';
      for (let at = 0; at < 1_000; at += 1) yield 'x'.repeat(1_000);
      yield '\n52998224725';
    };
    const { list, problems } = await readList(Readable.from(endless()), 'borrower_cpf');
    expect([...(list ?? [])]).toEqual(['00737823780', '52998224725']);
    expect(problems.map(({ line }) => line)).toEqual([2]);
  });

  it('stops at the first bad line when asked to', async () => {
    expect(await read('00737823780\nx\ny\n', true)).toMatchObject({ list: undefined, badLines: 1 });
  });

  it('reads a million CPFs', async () => {
    const lines = function* () {
      for (let at = 0; at < 1_000_000; at += 1000)
        yield Array.from({ length: 1000 }, (_, i) => `${String((at + i) * 7 + 1).padStart(11, '0')}\n`).join(
          '',
        );
    };
    const { list } = await readList(Readable.from(lines()), 'borrower_cpf');
    expect(list?.size).toBe(1_000_000);
    expect(list?.has('00000000001')).toBe(true);
    expect(list?.has('00000000002')).toBe(false);
  });
});
