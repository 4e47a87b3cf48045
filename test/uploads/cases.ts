import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A file that somebody might send, and what is right. */
export interface UploadCase {
  readonly file: string;
  /** Where it is sent: a list of the document, a list of borrowers outside it, or the table of prices. */
  readonly to: 'document' | 'outside' | 'prices';
  /** Every entry of the list that there is then; of a table the rate of its last row. */
  readonly right?: readonly string[] | string;
  /** Or where and why it is refused. */
  readonly refused?: readonly (readonly [place: string, why: string])[];
  /** Tabs to be named for being hidden. */
  readonly hidden?: readonly string[];
  /** What is read of a tab although it is hidden in it. */
  readonly unseen?: { readonly rows: number; readonly columns: readonly string[] };
}

const THREE = ['11222333', '29113956', '60746948'];
const NO_CPF = 'não é um valor de CPF do trabalhador';

/** Made after public bug reports of readers of CSV and XLSX; the people and companies are invented. */
export const UPLOAD_CASES: readonly UploadCase[] = [
  { file: 'inline-good.csv', to: 'document', right: THREE },
  { file: 'inline-cr-only.csv', to: 'document', right: THREE },
  {
    file: 'inline-one-stray-cr.csv',
    to: 'document',
    right: ['11222333', '29113956', '33000167', '60701190', '60746948'],
  },
  { file: 'empty.csv', to: 'document', refused: [['', 'confirm_removal']] },
  {
    file: 'list-pandas-float.csv',
    to: 'outside',
    refused: [
      ['A1', NO_CPF],
      ['A2', NO_CPF],
      ['A3', NO_CPF],
    ],
  },
  {
    file: 'list-scientific-ptbr.csv',
    to: 'outside',
    refused: [
      ['A2', NO_CPF],
      ['A3', NO_CPF],
    ],
  },
  {
    file: 'list-numbered.csv',
    to: 'outside',
    refused: [
      ['A1', 'a coluna 2 (B) é que parece ter os valores'],
      ['A2', 'a coluna 2 (B) é que parece ter os valores'],
    ],
  },
  { file: 'price-base.csv', to: 'prices', right: '0.0259' },
  { file: 'price-nbsp.csv', to: 'prices', right: '0.0259' },
  { file: 'price-decimal-comma.csv', to: 'prices', refused: [['E28', 'esperada uma taxa em fração']] },
  {
    file: 'price-unclosed-quote.csv',
    to: 'prices',
    refused: [['E28', 'a aspa que começa a célula não se fecha']],
  },
  {
    file: 'xlsx-numbers.xlsx',
    to: 'document',
    refused: [['A!A2', 'a raiz são os oito primeiros caracteres do CNPJ']],
  },
  { file: 'xlsx-reordered.xlsx', to: 'document', right: ['29113956'] },
  { file: 'xlsx-first-hidden.xlsx', to: 'document', right: ['29113956'], hidden: ['Antiga'] },
  {
    file: 'xlsx-filtered.xlsx',
    to: 'document',
    right: ['11222333', '29113956', '60746948'],
    unseen: { rows: 2, columns: ['B'] },
  },
  { file: 'xlsx-sharedstrings-case.xlsx', to: 'document', right: ['11222333', '29113956'] },
  { file: 'xlsx-empty-si.xlsx', to: 'document', right: ['11222333', '29113956'] },
  { file: 'xlsx-formula.xlsx', to: 'document', refused: [['A!A2', 'há uma fórmula sem valor']] },
  {
    file: 'price-uncalculated.xlsx',
    to: 'prices',
    refused: [['Vigente!E2', 'há uma fórmula que ainda não foi calculada']],
  },
];

export function uploadCase(file: string): Buffer {
  return readFileSync(join('test', 'uploads', file));
}

export const mimeTypeOf = (file: string): string =>
  file.endsWith('.xlsx') ? 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet' : 'text/csv';
