import { SheetError } from '../domain/sheet';
import { MAX_SHARED_STRINGS, MAX_SHARED_TEXT } from './limits';
import { readXml, type Shape } from './xml';

/** The letters of an element of rich text; how they look, and how they are pronounced, is left out. */
const TEXT_PATHS = ['t', 'r/t'] as const;

/** Whether the path is that of text to be read, inside the element `root`. */
export function isTextOf(root: string, path: string): boolean {
  return TEXT_PATHS.some((inside) => path === `${root}/${inside}`);
}

/** What there may be in the element `root`. */
export function richText(root: string): Readonly<Record<string, Shape>> {
  return {
    [root]: { attributes: [], children: ['t', 'r', 'rPh', 'phoneticPr'] },
    [`${root}/t`]: { attributes: [], children: [] },
    [`${root}/r`]: { attributes: [], children: ['rPr', 't'] },
    [`${root}/r/t`]: { attributes: [], children: [] },
  };
}

/** Spreadsheets write characters that XML cannot hold as `_x000D_`. */
export function withoutEscapes(text: string): string {
  return text.replace(/_x([0-9A-Fa-f]{4})_/g, (_, code: string) => String.fromCharCode(parseInt(code, 16)));
}

/** The texts that cells share, by their number. @throws SheetError */
export function readSharedStrings(part: string, bytes: Uint8Array): readonly string[] {
  const strings: string[] = [];
  let [current, room]: [string, number] = ['', MAX_SHARED_TEXT];
  readXml(part, bytes, {
    root: 'sst',
    shapes: { sst: { children: ['si', 'extLst'] }, ...richText('sst/si') },
    open(path) {
      if (path === 'sst/si') current = '';
    },
    text(path, text) {
      if (isTextOf('sst/si', path)) current += text;
    },
    close(path) {
      if (path !== 'sst/si') return;
      room -= current.length;
      if (room < 0 || strings.length >= MAX_SHARED_STRINGS)
        throw new SheetError('', 'a planilha tem textos demais');
      strings.push(withoutEscapes(current));
    },
  });
  return strings;
}
