import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { newCpf } from '../../../test/support/webhooks';
import { csvEntry, type FieldName } from '../domain';
import { PackedEntries, PackedList } from '../packed-list';
import { SheetReading } from './sheet-reading';

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
  const readPieces = (
    pieces: Iterable<Uint8Array>,
    how: { readonly field?: FieldName; readonly stopOnError?: boolean; readonly column?: number } = {},
  ) => {
    const list = { field: 'borrower_cpf' as const, column: 0, stopOnError: false, ...how };
    const reading = new SheetReading({ format: 'csv', list });
    for (const piece of pieces) {
      const early = reading.take(piece);
      if (early?.kind === 'refused') return { ...early, list: undefined, badLines: 0, problems: [] };
    }
    const answer = reading.end();
    if (answer.kind === 'refused') return { ...answer, list: undefined, badLines: 0, problems: [] };
    if (answer.kind !== 'list') throw new Error('asked for a list');
    return { ...answer, list: answer.list && PackedList.shared(answer.list) };
  };
  const read = (text: string, how = {}) => readPieces([Buffer.from(text)], how);

  it('takes punctuation and lost zeros, and reports bad lines by number without what stood there', () => {
    const reading = read('\uFEFF007.378.237-80;Maria\r\n\r\n737823780\nnão\n"11144477735"\n123456789012\n');
    expect([...(reading.list ?? [])]).toEqual(['00737823780', '11144477735']);
    expect(reading.badLines).toBe(2);
    expect(reading.problems.map(({ line }) => line)).toEqual([4, 6]);
    expect(JSON.stringify(reading.problems)).not.toContain('123456789012');
  });

  it('takes the lines back that a list is given out as', () => {
    const entries = ['00360305', '1E234567', '29113956', 'ABCDEFGH'];
    const { list, badLines } = read(entries.map(csvEntry).join('\n'), { field: 'employer_root' });
    expect([[...(list ?? [])], badLines]).toEqual([entries, 0]);
  });

  it('ends lines as every system does, wherever the pieces of the file are cut', () => {
    const text = '00737823780\r\n\r\nx\r11144477735\n52998224725';
    for (let cut = 0; cut <= text.length; cut += 1) {
      const { list, problems } = readPieces(
        [text.slice(0, cut), text.slice(cut)].map((part) => Buffer.from(part)),
      );
      expect([...(list ?? [])]).toEqual(['00737823780', '11144477735', '52998224725']);
      expect(problems.map(({ line }) => line)).toEqual([3]);
    }
  });

  it.each([
    ['whole numbers that pandas wrote as N.0', '1234567890.0\n529982247.0\n12345678909.0\n', [1, 2, 3]],
    [
      'numbers that Excel wrote with an exponent',
      'CPF;nome\r\n1,23457E+10;Fulano\r\n9,87654E+09;Beltrana\r\n',
      [2, 3],
    ],
    ['wrong check digits', '00737823781\n', [1]],
    ['points where no mask has them', '0073.7823.780\n', [1]],
    ['nothing', '', [1]],
    ['the head of its columns alone', 'CPF;nome\n', [1]],
  ])('makes nobody’s CPF of %s', (_, text, bad) => {
    const { list, problems } = read(text);
    expect(list).toBeUndefined();
    expect(problems.map(({ line }) => line)).toEqual(bad);
  });

  it('says where the values seem to be when the first column counts the lines', () => {
    const { list, problems } = read('1,52998224725\n2,11144477735\n');
    expect(list).toBeUndefined();
    expect(problems[0]?.message).toContain('a coluna 2 (B) é que parece ter os valores');
    const other = read('linha,CPF\n1,52998224725\n2,11144477735\n', { column: 1 });
    expect(other).toMatchObject({ head: 'CPF', lines: 2, badLines: 0 });
    expect([...(other.list ?? [])]).toEqual(['11144477735', '52998224725']);
  });

  it('reads UTF-16 with its mark, cut anywhere, and refuses what is no text', () => {
    const bytes = Buffer.from('\uFEFFCPF\r\n00737823780\r\n11144477735\r\n', 'utf16le');
    for (let cut = 0; cut <= bytes.length; cut += 1) {
      const { list } = readPieces([bytes.subarray(0, cut), bytes.subarray(cut)]);
      expect([...(list ?? [])]).toEqual(['00737823780', '11144477735']);
    }
    expect(readPieces([Buffer.from('00737823780;José\n', 'latin1')])).toMatchObject({
      kind: 'refused',
      reason: expect.stringContaining('UTF-8') as string,
    });
  });

  it('takes a CR CR LF for one end of a line, wherever it is cut', () => {
    const text = '00737823780\r\r\nx\r\r\n11144477735';
    for (let cut = 0; cut <= text.length; cut += 1) {
      const { problems } = readPieces([text.slice(0, cut), text.slice(cut)].map((part) => Buffer.from(part)));
      expect(problems.map(({ line }) => line)).toEqual([2]);
    }
  });

  it.each([
    [
      'employer_document',
      '29.113.956/0001-81\n00737823780\n29113956000182\n',
      ['00737823780', '29113956000181'],
      [3],
    ],
    ['employer_root', '29.113.956\n0a000000\n29113956.0\n', ['0A000000', '29113956'], [3]],
    ['running_leave_codes', '01\n1.0\n', ['01'], [2]],
    ['functional_situation', '1\n01\n012\n', ['1'], [2, 3]],
  ] as const)('reads values of %s', (field, text, entries, bad) => {
    const { list, problems } = read(text, { field });
    expect([...(list ?? [])]).toEqual(entries);
    expect(problems.map(({ line }) => line)).toEqual(bad);
  });

  it('asks whether a first line of letters is the title or an employer, until a title stands above', () => {
    const letters = 'ABCDEFGH;Padaria\nBCDEFGHI;Mercado\n12ABC345;Oficina\n';
    const roots = { field: 'employer_root' as const };
    const doubtful = read(letters, roots);
    expect(doubtful).toMatchObject({ head: undefined, lines: 3, badLines: 1, problems: [{ place: 'A1' }] });
    expect(doubtful.problems[0]?.message).toContain('título ou valor?');
    expect(JSON.stringify(doubtful.problems)).not.toContain('ABCDEFGH');
    expect(read(letters, { ...roots, stopOnError: true }).list).toBeUndefined();
    expect(read('EMPRESAS\n29113956\n', roots)).toMatchObject({ badLines: 1 });

    const titled = read(`CNPJ raiz;nome\n${letters}`, roots);
    expect(titled).toMatchObject({ head: 'CNPJ raiz', lines: 3, badLines: 0 });
    expect([...(titled.list ?? [])]).toEqual(['12ABC345', 'ABCDEFGH', 'BCDEFGHI']);
  });

  it('stops at the first bad line when asked to', () => {
    expect(read('00737823780\nx\ny\n', { stopOnError: true })).toMatchObject({
      list: undefined,
      badLines: 1,
    });
  });

  it('reads a million CPFs', () => {
    const lines = function* () {
      for (let at = 0; at < 1_000_000; at += 1000)
        yield Buffer.from(Array.from({ length: 1000 }, (_, i) => `${newCpf((at + i) * 7 + 1)}\n`).join(''));
    };
    const { list } = readPieces(lines());
    expect(list?.size).toBe(1_000_000);
    expect(list?.has(newCpf(1))).toBe(true);
    expect(list?.has(newCpf(2))).toBe(false);
  });
});
