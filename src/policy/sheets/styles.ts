import { readXml, type Attributes } from './xml';

/** Formats of dates and times that every spreadsheet has under these numbers. */
const DATE_FORMATS: readonly (readonly [from: number, to: number])[] = [
  [14, 22],
  [27, 36],
  [45, 47],
  [50, 58],
];

/** For each style of a cell, whether it shows a number as a date or a time. @throws SheetError */
export function readDateStyles(part: string, bytes: Uint8Array): readonly boolean[] {
  const custom = new Map<string, boolean>();
  const formats: string[] = [];
  readXml(part, bytes, {
    open(path, attributes: Attributes) {
      if (path === 'styleSheet/numFmts/numFmt')
        custom.set(attributes.get('numFmtId') ?? '', showsDate(attributes.get('formatCode') ?? ''));
      if (path === 'styleSheet/cellXfs/xf') formats.push(attributes.get('numFmtId') ?? '0');
    },
  });
  return formats.map(
    (id) => custom.get(id) ?? DATE_FORMATS.some(([from, to]) => Number(id) >= from && Number(id) <= to),
  );
}

/** A format of days, months, years, hours or seconds, whatever texts and colours stand in it. */
function showsDate(format: string): boolean {
  const bare = format.replace(/"[^"]*"|\\.|_.|\*./g, '').replace(/\[(?!h+\]|m+\]|s+\])[^\]]*\]/gi, '');
  return /[dmyhs]/i.test(bare);
}
