import type { Product } from './product-view';
import type { ValueType } from './values';

export type Path = readonly string[];

export interface Setting {
  readonly path: Path;
  readonly label: string;
  readonly type: ValueType;
  readonly unit?: string;
  /** What an empty field means, where it may be empty. */
  readonly empty?: string;
}

/** The limits of an offer, which stand in several places of a document. */
export const LIMITS = (base: Path, product: Product = 'private_payroll'): readonly Setting[] => {
  const isFgts = product === 'fgts';
  const term = isFgts ? 'Saques' : 'Prazo';
  const unit = isFgts ? 'saques' : 'parcelas';
  const margin: Setting = { path: [...base, 'minimum_margin'], label: 'Margem mínima', type: 'amount' };
  return [
    { path: [...base, 'amount', 'minimum'], label: 'Valor mínimo', type: 'amount' },
    { path: [...base, 'amount', 'maximum'], label: 'Valor máximo', type: 'amount' },
    {
      path: [...base, 'installments', 'minimum'],
      label: `${term} mínimo${isFgts ? 's' : ''}`,
      type: 'integer',
      unit,
    },
    {
      path: [...base, 'installments', 'maximum'],
      label: `${term} máximo${isFgts ? 's' : ''}`,
      type: 'integer',
      unit,
    },
    ...(isFgts ? [] : [margin]),
  ];
};
export const OFFER_VALIDITY: Setting = {
  path: ['pricing', 'days_to_expiration'],
  label: 'Validade da oferta',
  type: 'integer',
  unit: 'dias',
};
/** What only products without an auction have. */
export const DIRECT: readonly Setting[] = [
  {
    path: ['settings', 'snapshot_max_age_hours'],
    label: 'Validade da consulta de saldo',
    type: 'integer',
    unit: 'horas',
  },
  {
    path: ['settings', 'disbursement_business_days'],
    label: 'Desembolsar depois da assinatura',
    type: 'integer',
    unit: 'dias úteis',
  },
];
export const EXPOSURE: readonly Setting[] = [
  { path: ['exposure', 'per_borrower'], label: 'Por trabalhador', type: 'amount', empty: 'sem limite' },
  { path: ['exposure', 'per_employer'], label: 'Por empregador', type: 'amount', empty: 'sem limite' },
  { path: ['exposure', 'per_day'], label: 'Por dia', type: 'amount', empty: 'sem limite' },
  { path: ['exposure', 'total'], label: 'Total', type: 'amount', empty: 'sem limite' },
];
export const PACING: readonly Setting[] = [
  {
    path: ['pacing', 'bids_per_minute'],
    label: 'Por minuto',
    type: 'integer',
    unit: 'lances',
    empty: 'sem limite',
  },
  {
    path: ['pacing', 'bids_per_hour'],
    label: 'Por hora',
    type: 'integer',
    unit: 'lances',
    empty: 'sem limite',
  },
  {
    path: ['pacing', 'bids_per_day'],
    label: 'Por dia',
    type: 'integer',
    unit: 'lances',
    empty: 'sem limite',
  },
];
/** What the house pays and expects, of one dated entry. */
export const ECONOMICS: readonly Setting[] = [
  { path: ['from'], label: 'Vale a partir de', type: 'date' },
  { path: ['funding_monthly_rate'], label: 'Custo do funding (a.m.)', type: 'rate' },
  { path: ['operating_cost'], label: 'Custo operacional por contrato', type: 'amount' },
  { path: ['rebates_kept'], label: 'Parte dos rebates que fica na casa', type: 'rate' },
  { path: ['paid_out_share'], label: 'Parte dos leilões ganhos que se desembolsa', type: 'rate' },
];
/** Within what rates may be learnt; basis points are a hundredth of a percent point a month. */
export const LEARNING: readonly Setting[] = [
  { path: ['learning', 'rails', 'below_bp'], label: 'Abaixo da tabela, até', type: 'integer', unit: 'pb' },
  { path: ['learning', 'rails', 'above_bp'], label: 'Acima da tabela, até', type: 'integer', unit: 'pb' },
  {
    path: ['learning', 'minimum_margin_bp'],
    label: 'Mínimo acima do equilíbrio',
    type: 'integer',
    unit: 'pb',
  },
  { path: ['learning', 'speed_limit_bp'], label: 'Maior mudança por dia', type: 'integer', unit: 'pb' },
  { path: ['learning', 'exploration', 'share'], label: 'Parte dos lances em teste', type: 'rate' },
  {
    path: ['learning', 'exploration', 'budget'],
    label: 'Parte da margem que os testes podem custar',
    type: 'rate',
  },
  { path: ['learning', 'validity_days'], label: 'Uma versão vale por', type: 'integer', unit: 'dias' },
  { path: ['learning', 'minimum_bids'], label: 'Lances para começar a aprender', type: 'integer' },
  { path: ['learning', 'shadow_days'], label: 'Só observar por', type: 'integer', unit: 'dias' },
  { path: ['learning', 'canary_days'], label: 'Numa parte dos leilões por', type: 'integer', unit: 'dias' },
  { path: ['learning', 'canary_share'], label: 'Essa parte', type: 'rate' },
  { path: ['learning', 'control_share'], label: 'Sempre na tabela, como controle', type: 'rate' },
  {
    path: ['learning', 'daily_funding'],
    label: 'Teto do dia para taxas aprendidas',
    type: 'amount',
    empty: 'sem teto próprio',
  },
];
export const AUTHORIZATION: readonly Setting[] = [
  { path: ['authorization', 'minimum_face_validation_score'], label: 'Score facial mínimo', type: 'integer' },
  {
    path: ['authorization', 'minimum_document_face_match_score'],
    label: 'Score mínimo de documento e face',
    type: 'integer',
  },
  { path: ['authorization', 'required_liveness'], label: 'Prova de vida exigida', type: 'text' },
  { path: ['authorization', 'sampled_share'], label: 'Amostra revista por pessoas', type: 'rate' },
];
