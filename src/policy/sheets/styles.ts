import { SheetError } from '../domain/sheet';
import { readXml, type Attributes } from './xml';

/** Formats of dates and times that every spreadsheet has under these numbers. */
const DATE_FORMATS: readonly (readonly [from: number, to: number])[] = [
  [14, 22],
  [27, 36],
  [45, 47],
  [50, 58],
];

const SHAPES = {
  'styleSheet/numFmts': { children: ['numFmt'] },
  'styleSheet/numFmts/numFmt': { attributes: ['numFmtId', 'formatCode'] },
  'styleSheet/cellXfs': { children: ['xf'] },
  'styleSheet/cellXfs/xf': {
    attributes: [
      ...[
        'numFmtId',
        'fontId',
        'fillId',
        'borderId',
        'xfId',
        'quotePrefix',
        'pivotButton',
        'applyNumberFormat',
      ],
      ...['applyFont', 'applyFill', 'applyBorder', 'applyAlignment', 'applyProtection'],
    ],
  },
};

/** For each style of a cell, whether it shows a number as a date or a time. @throws SheetError */
export function readDateStyles(part: string, bytes: Uint8Array): readonly boolean[] {
  const custom = new Map<string, boolean>();
  const formats: string[] = [];
  const textOf = (attributes: Attributes, name: string): string => {
    const text = attributes.get(name);
    if (text === undefined) throw new SheetError('', 'a planilha tem um formato sem número ou sem forma');
    return text;
  };
  readXml(part, bytes, {
    root: 'styleSheet',
    shapes: SHAPES,
    open(path, attributes: Attributes) {
      if (path === 'styleSheet/numFmts/numFmt')
        custom.set(textOf(attributes, 'numFmtId'), showsDate(textOf(attributes, 'formatCode')));
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
