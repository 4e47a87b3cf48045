import { DateTime } from 'luxon';
import { Decimal, SAO_PAULO, showDecimal } from '../../kernel';
import { SMALLEST_GROUP } from '../domain';
import { CsvWriter } from '../exports/csv-writer';
import type { ColumnKind, ExportColumn } from '../exports/export-columns';
import { XlsxWriter } from '../exports/xlsx-writer';
import type { RepaymentView } from './employer-repayment.dto';
import type { FairnessView } from './fairness.dto';

/*
 * The same as on the page, as people take it into a spreadsheet: numbers as numbers, which a sum of their column takes in. What a
 * sheet does not have is said below its rows, in the first cell, where none does.
 */

export interface RateSheet<Row> {
  readonly name: 'Equidade' | 'Empregadores';
  readonly columns: readonly ExportColumn<Row>[];
  readonly rows: readonly Row[];
  /** What it does not have. */
  readonly notes: readonly string[];
}

export function bytesOf<Row>({ name, columns, rows, notes }: RateSheet<Row>, format: 'csv' | 'xlsx'): Buffer {
  const lines = [...rows.map((row) => ({ row })), ...notes.map((note) => ({ note }))];
  const ofLines = columns.map((column, at): ExportColumn<(typeof lines)[number]> => ({
    ...column,
    value: (line) => ('row' in line ? column.value(line.row) : at === 0 ? line.note : null),
  }));
  const writer = format === 'xlsx' ? new XlsxWriter(ofLines, name) : new CsvWriter(ofLines);
  return Buffer.concat([writer.write(lines), writer.end()]);
}

type Value<Row> = ExportColumn<Row>['value'];
const column = <Row>(name: string, kind: ColumnKind, value: Value<Row>): ExportColumn<Row> => ({
  title: name,
  name,
  kind,
  value,
});
const grouped = (value: number): string => showDecimal(new Decimal(value), 0);
const minute = (instant: string): string =>
  DateTime.fromISO(instant, { zone: SAO_PAULO }).toFormat('dd/MM/yyyy HH:mm');
const fixed = (value: number | null | undefined, places: number): string | null =>
  value?.toFixed(places) ?? null;

type Group = FairnessView['groups'][number];

export function fairnessSheet({ by, groups, ...looked }: FairnessView): RateSheet<Group> {
  const share = (name: string, part: keyof Group['declined']) =>
    column<Group>(name, 'rate', ({ declined }) => fixed(declined[part], 6));
  const points = (name: string, part: keyof NonNullable<Group['unexplained']>) =>
    column<Group>(name, 'amount', ({ unexplained }) => fixed(unexplained?.[part], 2));
  const columns = [
    column<Group>(
      by === 'age' ? 'idade_desde' : 'regiao_fiscal_do_cpf',
      'text',
      ({ group }) => group ?? 'não se sabe',
    ),
    column<Group>('decisoes', 'count', ({ decisions }) => decisions),
    share('recusados', 'share'),
    share('recusados_de', 'low'),
    share('recusados_ate', 'high'),
    column<Group>('lances', 'count', ({ bids }) => bids),
    column<Group>('taxa_media', 'rate', ({ mean_rate: rate }) => rate),
    points('nao_explicado_pb', 'mean'),
    points('nao_explicado_de', 'low'),
    points('nao_explicado_ate', 'high'),
  ];
  return { name: 'Equidade', columns, rows: groups, notes: leftOut(looked) };
}

function leftOut({
  suppressed,
  limited_to: limit,
  looked_from: from,
  kept_after: keptAfter,
}: Pick<FairnessView, 'suppressed' | 'limited_to' | 'looked_from' | 'kept_after'>): readonly string[] {
  const small = `Grupos de menos de ${String(SMALLEST_GROUP)} decisões deixados de fora: ${grouped(suppressed)}`;
  const older = (most: number, since: string): string =>
    `Só as ${grouped(most)} decisões mais novas do período, recebidas desde ${minute(since)}`;
  const erased = (since: string): string =>
    `Só decisões recebidas depois de ${minute(since)}: antes, os dados de pedidos que não ganhamos já foram apagados`;
  return [
    ...(suppressed > 0 ? [small] : []),
    ...(limit !== null && from !== null ? [older(limit, from)] : []),
    ...(keptAfter === null ? [] : [erased(keptAfter)]),
  ];
}

type Employer = RepaymentView['employers'][number];

const REPAYMENT: readonly ExportColumn<Employer>[] = [
  column('empregador', 'cnpj', (one) => one.document_number ?? 'sem documento'),
  column('desembolsos', 'count', (one) => one.paid),
  column('volume', 'amount', (one) => one.paid_amount),
  column('primeiras_informadas', 'count', (one) => one.first_paid.sample),
  column('primeiras_pagas', 'rate', (one) => one.first_paid.value),
  column('pagas_de', 'rate', (one) => fixed(one.first_paid.low, 6)),
  column('pagas_ate', 'rate', (one) => fixed(one.first_paid.high, 6)),
  column('terminados', 'count', (one) => one.ended),
  column('perda_esperada', 'amount', (one) => one.expected_loss),
  column('perda_informada', 'amount', (one) => one.told_loss),
];

export function repaymentSheet({ employers, told_employers: told }: RepaymentView): RateSheet<Employer> {
  const some = `Só ${grouped(employers.length)} de ${grouped(told)} empregadores: os que mais deixaram de pagar`;
  return {
    name: 'Empregadores',
    columns: REPAYMENT,
    rows: employers,
    notes: told > employers.length ? [some] : [],
  };
}
