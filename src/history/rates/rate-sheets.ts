import { punctuatedCnpj } from '../../kernel';
import type { Sheet } from '../../policy/domain';
import type { RepaymentView } from './employer-repayment.dto';
import type { FairnessView } from './fairness.dto';

/* The same as on the page, as people take it into a spreadsheet. Fractions stay fractions. */

const plain = (value: number | string | null | undefined): string =>
  value === null || value === undefined ? '' : String(value).replace('.', ',');
const fraction = (value: number | null | undefined): string => plain(value?.toFixed(6));

export function fairnessSheet({ by, groups }: FairnessView): Sheet {
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
  ];
}

export function repaymentSheet({ employers }: RepaymentView): Sheet {
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
  ];
}
