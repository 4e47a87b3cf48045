import { DateTime } from 'luxon';
import { Decimal, punctuatedCnpj, SAO_PAULO, showDecimal } from '../../kernel';
import type { Sheet } from '../../policy/domain';
import { SMALLEST_GROUP } from '../domain';
import type { RepaymentView } from './employer-repayment.dto';
import type { FairnessView } from './fairness.dto';

/*
 * The same as on the page, as people take it into a spreadsheet. Fractions stay fractions. What a sheet does not have is said
 * below its rows, in one cell, where no sum of a column takes it in.
 */

const plain = (value: number | string | null | undefined): string =>
  value === null || value === undefined ? '' : String(value).replace('.', ',');
const grouped = (value: number): string => showDecimal(new Decimal(value), 0);
const minute = (instant: string): string =>
  DateTime.fromISO(instant, { zone: SAO_PAULO }).toFormat('dd/MM/yyyy HH:mm');
const fraction = (value: number | null | undefined): string => plain(value?.toFixed(6));

export function fairnessSheet({ by, groups, ...looked }: FairnessView): Sheet {
  const head = [
    by === 'age' ? 'idade_desde' : 'regiao_fiscal_do_cpf',
    'decisoes',
    'recusados',
    'recusados_de',
    'recusados_ate',
    'lances',
    'taxa_media',
    'nao_explicado_pb',
    'nao_explicado_de',
    'nao_explicado_ate',
  ];
  return [
    head,
    ...groups.map(({ group, decisions, declined, bids, mean_rate: rate, unexplained }) => [
      group ?? 'não se sabe',
      plain(decisions),
      fraction(declined.share),
      fraction(declined.low),
      fraction(declined.high),
      plain(bids),
      plain(rate),
      ...[unexplained?.mean, unexplained?.low, unexplained?.high].map((value) => plain(value?.toFixed(2))),
    ]),
    ...leftOut(looked),
  ];
}

function leftOut({
  suppressed,
  limited_to: limit,
  looked_from: from,
  kept_after: keptAfter,
}: Pick<FairnessView, 'suppressed' | 'limited_to' | 'looked_from' | 'kept_after'>): Sheet {
  const small = `Grupos de menos de ${String(SMALLEST_GROUP)} decisões deixados de fora: ${grouped(suppressed)}`;
  const older = (most: number, since: string): string =>
    `Só as ${grouped(most)} decisões mais novas do período, recebidas desde ${minute(since)}`;
  const erased = (since: string): string =>
    `Só decisões recebidas depois de ${minute(since)}: antes, os dados de pedidos que não ganhamos já foram apagados`;
  return [
    ...(suppressed > 0 ? [[small]] : []),
    ...(limit !== null && from !== null ? [[older(limit, from)]] : []),
    ...(keptAfter === null ? [] : [[erased(keptAfter)]]),
  ];
}

export function repaymentSheet({ employers, told_employers: told }: RepaymentView): Sheet {
  const head = [
    'empregador',
    'desembolsos',
    'volume',
    'primeiras_informadas',
    'primeiras_pagas',
    'pagas_de',
    'pagas_ate',
    'terminados',
    'perda_esperada',
    'perda_informada',
  ];
  return [
    head,
    ...employers.map((one) => [
      punctuatedCnpj(one.document_number ?? 'sem documento'),
      plain(one.paid),
      plain(one.paid_amount),
      plain(one.first_paid.sample),
      plain(one.first_paid.value),
      fraction(one.first_paid.low),
      fraction(one.first_paid.high),
      plain(one.ended),
      plain(one.expected_loss),
      plain(one.told_loss),
    ]),
    ...(told > employers.length
      ? [[`Só ${grouped(employers.length)} de ${grouped(told)} empregadores: os que mais deixaram de pagar`]]
      : []),
  ];
}
