import { A_PRICE_TABLE, policyJson } from './policies';

/** What a committee may allow; a test changes the part it is about. */
export const MANDATE = {
  enabled: true,
  features: [
    { column: 'offered_installments', cuts: [12, 25] },
    { column: 'offered_amount', cuts: ['5000.00'] },
  ],
  rails: { below_bp: 30, above_bp: 50 },
  minimum_margin_bp: 5,
  speed_limit_bp: 10,
  exploration: { share: '0.36', budget: '0.04', steps_bp: [5, 10, 15] },
  validity_days: 3,
  minimum_bids: 50,
  shadow_days: 2,
  canary_days: 2,
  canary_share: '0.2',
  control_share: '0.1',
  daily_funding: null,
};

const LOSSES = {
  id: 'perdas',
  kind: 'loss',
  label: 'Perdas',
  columns: ['tenure_months'],
  rows: [
    {
      id: 'novos',
      when: { tenure_months: { below: 12 } },
      then: { expected_loss_rate: '0.08', prepayment_monthly_rate: '0' },
    },
    {
      id: 'antigos',
      when: { tenure_months: { from: 12 } },
      then: { expected_loss_rate: '0.03', prepayment_monthly_rate: '0' },
    },
  ],
  no_match: { code: 'NO_LOSS_SEGMENT', sentence: 'Sem segmento.' },
};

/** The policy of tests with economics and a mandate. @param changes to the mandate @param more to the document */
export function learningPolicy(changes: object = {}, more: object = {}): Record<string, unknown> {
  const json = policyJson({
    tables: [A_PRICE_TABLE, LOSSES],
    economics: {
      inputs: [
        {
          from: '2026-01-01',
          funding_monthly_rate: '0.0115',
          operating_cost: '45.00',
          fees: [],
          rebates_kept: '1',
          paid_out_share: '0.8',
          losses: 'perdas',
        },
      ],
    },
    learning: { ...MANDATE, ...changes },
    ...more,
  });
  return structuredClone(json);
}
