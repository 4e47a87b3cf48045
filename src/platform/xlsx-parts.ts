const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>';
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006';
const TYPES = 'application/vnd.openxmlformats-officedocument.spreadsheetml';

/** Where a workbook's only sheet stands in its package. */
export const SHEET_PART = 'xl/worksheets/sheet1.xml';
/** What stands around the inside of a worksheet. */
export const [SHEET_HEAD, SHEET_TAIL] = [`${XML}<worksheet xmlns="${MAIN}">`, '</worksheet>'];

/**
 * What a workbook of one sheet has besides the sheet, by path in its package.
 * @param sheet its name
 * @param styles the inside of its style sheet, where cells have styles
 */
export function partsAround(sheet: string, styles?: string): Readonly<Record<string, string>> {
  const isStyled = styles !== undefined;
  const parts = [
    ['workbook.xml', 'sheet.main'],
    ['worksheets/sheet1.xml', 'worksheet'],
    ...(isStyled ? [['styles.xml', 'styles']] : []),
  ];
  const types = parts.map(
    ([path, type]) => `<Override PartName="/xl/${path}" ContentType="${TYPES}.${type}+xml"/>`,
  );
  return {
    '[Content_Types].xml': `${XML}<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>${types.join('')}</Types>`,
    '_rels/.rels': relations(['officeDocument', 'xl/workbook.xml']),
    'xl/workbook.xml': `${XML}<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}"><sheets><sheet name="${xmlText(sheet).replaceAll('"', '&quot;')}" sheetId="1" r:id="rId1"/></sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': relations(
      ['worksheet', 'worksheets/sheet1.xml'],
      ...(isStyled ? [['styles', 'styles.xml'] as const] : []),
    ),
    ...(isStyled && { 'xl/styles.xml': `${XML}<styleSheet xmlns="${MAIN}">${styles}</styleSheet>` }),
  };
}

function relations(...to: readonly (readonly [type: string, target: string])[]): string {
  const each = to.map(
    ([type, target], at) => `<Relationship Id="rId${at + 1}" Type="${OFFICE}/${type}" Target="${target}"/>`,
  );
  return `${XML}<Relationships xmlns="${PACKAGE}/relationships">${each.join('')}</Relationships>`;
}

/**
 * A text as a cell holds it. What XML cannot hold is seen to have been there (U+FFFD); a carriage return,
 * which readers of XML make a line feed, and what a spreadsheet would take for one of its escapes are escaped its way.
 */
export function xmlText(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '\uFFFD')
    .replace(/_(?=x[0-9A-Fa-f]{4}_)/g, '_x005F_')
    .replaceAll('\r', '_x000D_')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
}
