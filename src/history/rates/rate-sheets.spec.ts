import { unzipSync } from 'fflate';
import type { RepaymentView } from './employer-repayment.dto';
import type { FairnessView } from './fairness.dto';
import { bytesOf, fairnessSheet, repaymentSheet, type RateSheet } from './rate-sheets';

const EMPLOYER: RepaymentView['employers'][number] = {
  mark: 'x',
  document_number: null,
  paid: 1,
  paid_amount: '100.00',
  first_paid: { value: '1.000000', sample: 1, low: 0.2, high: 1 },
  ended: 0,
  expected_loss: '0.00',
  told_loss: '0.00',
};

const FAIRNESS: FairnessView = {
  by: 'age',
  looked_at: 0,
  suppressed: 0,
  limited_to: null,
  looked_from: null,
  kept_after: null,
  groups: [],
};

/** The first cells of its lines. */
function firstOf<Row>(sheet: RateSheet<Row>): readonly (string | undefined)[] {
  const lines = bytesOf(sheet, 'csv').toString('utf8').replace('\uFEFF', '').trimEnd().split('\r\n');
  return lines.map((line) => /^[^;]*/.exec(line)?.[0]);
}

describe('a sheet of rates', () => {
  it('says how many employers there are when it does not have them all', () => {
    const whole = repaymentSheet({ employers: [EMPLOYER], told_employers: 1 });
    expect(firstOf(whole)).toEqual(['empregador', 'sem documento']);
    const cut = repaymentSheet({ employers: [EMPLOYER], told_employers: 1812 });
    expect(firstOf(cut)).toEqual([
      ...firstOf(whole),
      'Só 1 de 1.812 empregadores: os que mais deixaram de pagar',
    ]);
  });

  it('has numbers for sums in a workbook, and in a CSV the same with commas', () => {
    const one = { ...EMPLOYER, document_number: '00000000000191', paid_amount: '1234.56' };
    const sheet = repaymentSheet({ employers: [one], told_employers: 2 });
    const { 'xl/worksheets/sheet1.xml': xml } = unzipSync(bytesOf(sheet, 'xlsx'));
    const cells = Buffer.from(xml ?? []).toString('utf8');
    expect(cells).toMatch(/<c r="C2" s="\d"><v>1234\.56<\/v><\/c>/);
    expect(cells).toMatch(/<c r="E2" s="\d"><v>1\.000000<\/v><\/c>/);
    expect(cells).toMatch(/<c r="A2"[^>]*><is><t [^>]*>00\.000\.000\/0001-91</);
    expect(cells).toMatch(
      /<c r="A3"[^>]*><is><t [^>]*>Só 1 de 2 empregadores[^/]*<\/t><\/is><\/c><c r="B3"\/>/,
    );
    expect(bytesOf(sheet, 'csv').toString('utf8')).toContain(
      '\r\n00.000.000/0001-91;1;1234,56;1;1,000000;0,200000;1,000000;0;0,00;0,00\r\n',
    );
    const group = {
      group: null,
      decisions: 20,
      declined: { share: 0.5, low: 0.25, high: 0.75 },
      bids: 20,
      mean_rate: '0.0249',
      unexplained: { mean: -1.234, low: -2, high: 0.5 },
    };
    const fairness = fairnessSheet({
      ...FAIRNESS,
      groups: [group, { ...group, mean_rate: null, unexplained: null }],
    });
    expect(bytesOf(fairness, 'csv').toString('utf8').split('\r\n').slice(1)).toEqual([
      'não se sabe;20;0,500000;0,250000;0,750000;20;0,0249;-1,23;-2,00;0,50',
      'não se sabe;20;0,500000;0,250000;0,750000;20;;;;',
      '',
    ]);
  });

  it('says which decisions and how many groups it does not have', () => {
    const sheetOf = (changes: object) => firstOf(fairnessSheet({ ...FAIRNESS, ...changes })).slice(1);
    expect(sheetOf({})).toEqual([]);
    expect(sheetOf({ suppressed: 2, limited_to: 20_000, looked_from: '2026-08-14T15:00:30.000Z' })).toEqual([
      'Grupos de menos de 20 decisões deixados de fora: 2',
      'Só as 20.000 decisões mais novas do período, recebidas desde 14/08/2026 12:00',
    ]);
    expect(sheetOf({ kept_after: '2026-08-14T15:00:30.000Z' })).toEqual([
      'Só decisões recebidas depois de 14/08/2026 12:00: antes, os dados de pedidos que não ganhamos já foram apagados',
    ]);
  });
});
