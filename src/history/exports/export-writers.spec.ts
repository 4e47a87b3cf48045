import { unzipSync } from 'fflate';
import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import { sheetIn } from '../../../test/support/sheets';
import type { AuctionRowView } from '../auction-row';
import { CsvWriter } from './csv-writer';
import { AUCTION_COLUMNS } from './export-columns';
import type { ExportWriter } from './export-writer';
import { ParquetWriter } from './parquet-writer';
import { XlsxWriter } from './xlsx-writer';

const row: AuctionRowView = {
  issuer_proposal_request_key: 'key-1',
  status: 'won',
  status_reason: null,
  received_at: '2026-11-21T02:15:07.123Z',
  inclusion_limit_datetime: null,
  ended_at: null,
  name: '=cmd; "M***"',
  document_number: '***.456.789-**',
  employer_document_number: '12ABC34501DE35',
  requested_amount: '12345678901234.56',
  requested_installments: 24,
  consigned_credit_balance: '192.6',
  decided_at: null,
  reason_codes: ['A', 'B'],
  policy_version: '1',
  monthly_interest_rate: '0.0249',
  monthly_cet: '0.0271',
  disbursed_issue_amount: '2300',
  installment_face_value: '149.39',
  number_of_installments: 24,
  submitted_at: null,
  rank_position: 1,
  credit_operation_key: '<op> & co',
  operation_status: null,
  expected_margin: '-12.34',
  margin_rate: '0.009125',
  realised_margin: null,
  realised_margin_rate: null,
  margin_unknown: null,
};

function fileOf(writer: ExportWriter<AuctionRowView>, pages: readonly (readonly AuctionRowView[])[]): Buffer {
  return Buffer.concat([...pages.map((page) => writer.write(page)), writer.end()]);
}

describe('exports', () => {
  it('CSV opens in a Brazilian Excel, and nothing in it is a formula', () => {
    const text = fileOf(new CsvWriter(AUCTION_COLUMNS), [[row], [row]]).toString('utf8');
    expect(text.startsWith('\uFEFFLeilão;Recebido;')).toBe(true);
    const lines = text.trimEnd().split('\r\n');
    expect(lines).toHaveLength(3);
    expect(lines[1]).toContain(
      `key-1;20/11/2026 23:15:07;Ganho;won;;;;***.456.789-**;"'=cmd; ""M***""";12.ABC.345/01DE-35;12345678901234,56;24;192,6;;"A; B";A, B;1;0,0249`,
    );
  });

  it('a CNPJ of digits alone is written as people write it, so that Excel makes no number of it; programs get it bare', async () => {
    const bank = { ...row, employer_document_number: '00000000000191' };
    const person = { ...row, employer_document_number: '***' };
    const columns = AUCTION_COLUMNS.filter(({ name }) => name === 'employer_document_number');
    const csv = fileOf(new CsvWriter(columns), [[bank, person]]).toString('utf8');
    expect(csv).toBe('\uFEFFEmpregador\r\n00.000.000/0001-91\r\n***\r\n');
    const xlsx = fileOf(new XlsxWriter(columns, 'Leilões'), [[bank]]);
    expect(sheetIn(xlsx, 'xlsx')).toEqual([['Empregador'], ['00.000.000/0001-91']]);
    const parquet = new Uint8Array(fileOf(new ParquetWriter(columns), [[bank]])).buffer;
    expect(await parquetReadObjects({ file: parquet })).toEqual([
      { employer_document_number: '00000000000191' },
    ]);
  });

  it('CSV without rows still has its titles', () => {
    expect(
      fileOf(new CsvWriter(AUCTION_COLUMNS), [[]]).toString('utf8').trimEnd().split('\r\n'),
    ).toHaveLength(1);
  });

  it('XLSX keeps every digit, dates as dates, and texts as texts', () => {
    const parts = unzipSync(fileOf(new XlsxWriter(AUCTION_COLUMNS, 'Leilões'), [[row], [row]]));
    const sheet = Buffer.from(parts['xl/worksheets/sheet1.xml'] ?? []).toString('utf8');
    expect(sheet.match(/<row r="\d">/g)).toHaveLength(3);
    expect(sheet).toContain('<v>12345678901234.56</v>');
    // 20 November 2026 is day 46346; 23:15:07.123 is 0.96883244 of it.
    expect(sheet).toContain('<c r="B2" s="5"><v>46346.96883244</v></c>');
    expect(sheet).toContain('<c r="AG3"/></row>');
    expect(sheet).toContain('&lt;op&gt; &amp; co');
    expect(sheet).toContain('=cmd; "M***"</t>');
    expect(sheet).not.toContain('<f>');
    expect(Object.keys(parts)).toContain('[Content_Types].xml');
  });

  it('XLSX gives back texts letter for letter, and shows where one cannot be written', () => {
    const odd = { ...row, issuer_proposal_request_key: 'a\r\nb _x0041_ "<\u0001>"' };
    const file = fileOf(new XlsxWriter(AUCTION_COLUMNS.slice(0, 1), 'Leilões'), [[odd]]);
    expect(sheetIn(file, 'xlsx')).toEqual([['Leilão'], ['a\r\nb _x0041_ "<\uFFFD>"']]);
  });

  it('Parquet gives back what went in, page after page', async () => {
    const bytes = fileOf(new ParquetWriter(AUCTION_COLUMNS), [[row], [{ ...row, requested_amount: null }]]);
    const file = new Uint8Array(bytes).buffer;
    const read = await parquetReadObjects({ file });
    expect(read).toHaveLength(2);
    expect(read[0]).toMatchObject({
      issuer_proposal_request_key: 'key-1',
      received_at: new Date('2026-11-21T02:15:07.123Z'),
      requested_installments: 24,
      // The file holds 249000000 of scale 10; this reader makes a float of it.
      monthly_interest_rate: expect.closeTo(0.0249, 12) as number,
      installment_face_value: expect.closeTo(149.39, 9) as number,
      reason_codes: 'A, B',
    });
    expect(read[1]).toMatchObject({ requested_amount: null });
    expect(parquetMetadata(file).schema.find(({ name }) => name === 'received_at')).toMatchObject({
      logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MILLIS' },
    });
  });

  it('Parquet makes large groups of rows that come few by few', async () => {
    const few = Array.from({ length: 25 }, () => row);
    const file = new Uint8Array(
      fileOf(new ParquetWriter(AUCTION_COLUMNS), Array<AuctionRowView[]>(90).fill(few)),
    ).buffer;
    expect(parquetMetadata(file).row_groups.map(({ num_rows: rows }) => rows)).toEqual([2_000n, 250n]);
    expect(await parquetReadObjects({ file })).toHaveLength(2_250);
  });
});
