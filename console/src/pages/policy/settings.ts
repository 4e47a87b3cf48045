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

/** The limits of a bid, which stand in two places of a document. */
export const LIMITS = (base: Path): readonly Setting[] => [
  { path: [...base, 'amount', 'minimum'], label: 'Valor mínimo', type: 'amount' },
  { path: [...base, 'amount', 'maximum'], label: 'Valor máximo', type: 'amount' },
  { path: [...base, 'installments', 'minimum'], label: 'Prazo mínimo', type: 'integer', unit: 'parcelas' },
  { path: [...base, 'installments', 'maximum'], label: 'Prazo máximo', type: 'integer', unit: 'parcelas' },
  { path: [...base, 'minimum_margin'], label: 'Margem mínima', type: 'amount' },
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
export const AUTHORIZATION: readonly Setting[] = [
  { path: ['authorization', 'minimum_face_validation_score'], label: 'Nota facial mínima', type: 'integer' },
  {
    path: ['authorization', 'minimum_document_face_match_score'],
    label: 'Nota documento e face mínima',
    type: 'integer',
  },
  { path: ['authorization', 'required_liveness'], label: 'Prova de vida exigida', type: 'text' },
  { path: ['authorization', 'sampled_share'], label: 'Amostra revista por pessoas', type: 'rate' },
];
