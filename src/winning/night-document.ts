import { createHash } from 'node:crypto';
import type { CompiledLearning } from '../policy/domain';
import { MODEL_FORMAT, modelVersion, stateDocument, type ModelVersion, type NightResult } from './domain';

type Learnt = Extract<NightResult, { kind: 'learnt' }>;

export interface DocumentOrigin {
  readonly policy: string;
  readonly assumptions: string;
  readonly parent: string | undefined;
  readonly trainedThrough: string;
}

/** What a night learnt as a version: the same rows under the same policy give the same bytes. */
export function documentOf(night: Learnt, learning: CompiledLearning, origin: DocumentOrigin): ModelVersion {
  return modelVersion({
    format: MODEL_FORMAT,
    origin: { mandate: learning.mandateHash, ...origin },
    seed: createHash('sha256')
      .update(`${origin.policy} ${origin.trainedThrough} ${origin.parent ?? ''}`)
      .digest('hex'),
    prices: night.prices.map(String),
    pricedPer: 'won',
    tables: night.tables,
    spend: night.spend,
    spendAtAnyPrice: night.spendAtAnyPrice,
    expected: night.expected.map((cell) => cell ?? null),
    state: stateDocument(night.state),
    card: cardOf(night, learning),
  });
}

/** The model's card: what it is for, what it was made of, what it must not be asked. */
function cardOf({ figures }: Learnt, { axes, mandate }: CompiledLearning): Readonly<Record<string, string>> {
  const percent = (part: number): string => `${(part * 100).toFixed(2)} %`;
  return {
    purpose: 'The rate of a bid in auctions of private payroll loans, within a mandate of the credit policy.',
    data: `${String(figures.bids)} bids that were won or lost, from ${figures.firstDay} to ${figures.lastDay}; wins, ranks, acceptances, payouts.`,
    features: axes.map(({ column, bands }) => `${column} (${String(bands.length)})`).join(', '),
    never:
      'sex, race, name, CPF, address, place of birth, leave reasons, political exposure, anything else of the person',
    age: mandate.use_age ? 'used: the committee switched it on' : 'not used',
    limits: `${String(mandate.rails.below_bp)} bp below and ${String(mandate.rails.above_bp)} bp above the table, or the row's own band; break-even and ${String(mandate.minimum_margin_bp)} bp; ${String(mandate.speed_limit_bp)} bp a version`,
    exploration: `at most ${percent(Number(mandate.exploration.share))} of bids, at steps of ${mandate.exploration.steps_bp.join(', ')} bp, for at most ${percent(Number(mandate.exploration.budget))} of the expected margin`,
    calibration: `${percent(figures.calibrationError)} off in the mean over fifths of the last ${String(figures.calibrated)} bids`,
    drift: figures.driftAlarms.length === 0 ? 'no alarm' : `alarms on ${figures.driftAlarms.join(', ')}`,
    unknown:
      'Rates that were never tried; rivals who react to us; late bids; what borrowers are worth beyond the economics of the policy.',
  };
}
