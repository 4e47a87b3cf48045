import type { Words } from './words';

/** What figures may be looked at by. */
export const DIMENSION: Words = {
  day: 'Dia',
  week: 'Semana',
  month: 'Mês',
  weekday: 'Dia da semana',
  hour: 'Hora do dia',
  product: 'Produto',
  policy: 'Versão da política',
  segment: 'Segmento de perda',
  price_row: 'Linha da tabela de preços',
  status: 'Situação do leilão',
  loan: 'Situação da operação',
  reason: 'Motivo da recusa',
  employer: 'Empregador',
  tenure: 'Tempo de casa',
  term: 'Prazo',
  amount: 'Valor',
  rate: 'Taxa do lance',
  rank: 'Posição',
  margin: 'Margem calculada',
  paid_on: 'Dia do desembolso',
  paid_month: 'Mês do desembolso',
};

/** What may be counted. */
export const MEASURE: Words = {
  requests: 'Pedidos recebidos',
  asked: 'Valor pedido',
  bids: 'Lances aceitos',
  offered: 'Valor ofertado',
  mean_rate: 'Taxa média do lance',
  won: 'Leilões ganhos',
  lost: 'Leilões perdidos',
  win_rate: 'Taxa de vitória',
  won_amount: 'Volume arrematado',
  paid: 'Desembolsos',
  paid_amount: 'Volume desembolsado',
  paid_share: 'Ganhos que se desembolsam',
  expected_margin: 'Margem esperada',
  realised_margin: 'Margem realizada',
  margin_rate: 'Margem sobre o funding',
  interest: 'Juros',
  discount: 'Deságio',
  rebate: 'Spread líquido',
  funding: 'Funding',
  prepayment: 'Pré-pagamento',
  expected_loss: 'Perda esperada',
  cost: 'Custos',
  first_paid: 'Primeira parcela paga',
  second_share: 'Segundos lugares entre os perdidos',
};

/** Monday first. */
export const WEEKDAY = ['segunda', 'terça', 'quarta', 'quinta', 'sexta', 'sábado', 'domingo'];
