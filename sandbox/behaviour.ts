import { z } from 'zod';
import { debtContract } from './debts/debt-behaviour';
import { federalPayrollContract } from './federal-payroll/federal-payroll-behaviour';
import { fgtsContract } from './fgts/fgts-behaviour';
import { MARKET_FAMILIES, type MarketFamily } from './rate-market';

/** How the sandbox behaves: shares of each kind of case, readings of what the manuals leave open, and faults. */

const rate = z.number().min(0).max(1);
const seconds = z.number().min(0).max(86_400);
const weight = z.number().min(0);

const borrowers = z.strictObject({
  /** Nothing to object to. */
  clean: weight.default(70),
  /** Alerts that are over, or leaves that payroll goes on paying. */
  harmless_history: weight.default(12),
  running_leave: weight.default(4),
  termination: weight.default(4),
  ineligible: weight.default(2),
  politically_exposed: weight.default(2),
  short_tenure: weight.default(2),
  /** A field is missing. */
  incomplete: weight.default(2),
  /** A field holds what nobody documented. */
  odd: weight.default(2),
});

/** Who bids against us, and what becomes of our offers, is the rate market's (rate-market/). */
const rivals = z.strictObject({
  /** Share of auctions that rivals may come to at all. */
  presence: rate.default(1),
  family: z.enum(Object.keys(MARKET_FAMILIES) as MarketFamily[]).default('varied'),
  /** Which market of the family: another number is another market, whatever the sandbox's seed. */
  market: z.int().min(0).default(5),
  /** How far all of them stand over their usual rates, in basis points a month: a change of it is a shift of the market. */
  level_bp: z.number().min(-500).max(500).default(20),
  /** Besides, they fall by so much and come back, over and over, in so many days. */
  wave_bp: z.number().min(0).max(500).default(16),
  wave_days: z.number().min(1).max(3650).default(40),
});

/** How each kind of end comes about; which kind it is, the market says. */
const loans = z.strictObject({
  disbursed: weight.default(76),
  signature_failed: weight.default(5),
  never_signed: weight.default(2),
  reservation_retried: weight.default(6),
  reservation_refused: weight.default(4),
  ted_refused: weight.default(4),
  pix_refused: weight.default(3),
});

const contract = z.strictObject({
  /** How the auction's limits are printed: as in the manual (Sao Paulo's clock with a Z), or truly in UTC. */
  deadline_zone: z.enum(['local', 'utc']).default('local'),
  /** The word for a lost proposal, which no manual prints. */
  loss_status: z.string().default('lost'),
  /** What `rank_position` says in the answer to a proposal. */
  rank_in_answer: z.enum(['null', 'current']).default('null'),
  /** A proposal for a request that already has a live one of ours, under another control key. */
  second_proposal: z.enum(['reject', 'accept']).default('reject'),
  /** The same control key with the same terms again: answered as before, refused, or taken as one more proposal. */
  repeated_control_key: z.enum(['replay', 'reject', 'accept']).default('replay'),
  /** The manuals print both. */
  authorize_status: z.union([z.literal(200), z.literal(202)]).default(202),
  repeated_authorization: z.enum(['reject', 'replay']).default('reject'),
  /** Which webhook tells that a reservation failed. */
  reservation_failure_webhook: z.enum(['collateral', 'reservation_failure', 'both']).default('collateral'),
  /** What QI sends besides, when a failed reservation cancels the operation. No manual prints it. */
  reservation_refused_webhook: z.enum(['none', 'canceled', 'canceled_permanently']).default('none'),
  /** Whether QI ends by itself a loan that nobody signs. The manuals print such an end for the partner's own call alone. */
  unsigned_ends: z.enum(['never', 'canceled_permanently']).default('never'),
  /** Which webhooks come inside `{"webhook": ...}`: those printed so, or all of them. */
  wrapped: z.enum(['as_printed', 'all']).default('as_printed'),
  /** The manuals print the first word in a sample and the second in a table. */
  final_cancel_status: z.enum(['canceled_permanently', 'cancel_permanently']).default('canceled_permanently'),
  /** Share of requests written with the names of the manual's table instead of its sample. */
  table_names: rate.default(0.05),
  interest_base: z.enum(['calendar_days', 'calendar_days_365']).default('calendar_days'),
  /** Added to every instalment, to see whether a drift of QI's arithmetic is noticed. */
  installment_drift: z
    .string()
    .regex(/^-?\d+(\.\d{1,2})?$/)
    .default('0'),
  payroll: z
    .strictObject({
      cutoff_day: z.int().min(1).max(28).default(20),
      months_after: z.int().min(0).max(6).default(2),
      due_day: z.int().min(1).max(28).default(28),
    })
    .prefault({}),
  rows_per_page: z.int().min(1).max(100).default(1),
  /** How far a request's signed time may be from now. */
  signature_tolerance_seconds: seconds.default(300),
  debts: debtContract.prefault({}),
  fgts: fgtsContract.prefault({}),
  federal_payroll: federalPayrollContract.prefault({}),
});

const webhooks = z.strictObject({
  /** Where they go; null while nobody listens. */
  url: z
    .url({ protocol: /^https?$/ })
    .nullable()
    .default(null),
  timeout_seconds: seconds.default(10),
  retries: z.int().min(0).max(50).default(3),
  retry_after_seconds: seconds.default(10),
  /** Whether a later attempt is signed anew, or carries its first signature, grown old. */
  sign_each_attempt: z.boolean().default(true),
  duplicate_rate: rate.default(0),
  delay_rate: rate.default(0),
  delay_up_to_seconds: seconds.default(5),
  /** Held back until another one has been sent. */
  reorder_rate: rate.default(0),
  drop_rate: rate.default(0),
  /** The first attempt bears a signature that does not verify. */
  bad_signature_rate: rate.default(0),
  /** Added to every time a webhook prints. */
  clock_skew_seconds: z.number().min(-86_400).max(86_400).default(0),
});

const api = z.strictObject({
  /** 503 without effect. */
  error_rate: rate.default(0),
  /** 500 although it took effect. */
  error_after_effect_rate: rate.default(0),
  too_many_rate: rate.default(0),
  reset_rate: rate.default(0),
  reset_after_effect_rate: rate.default(0),
  /** Takes effect and never answers. */
  timeout_after_effect_rate: rate.default(0),
  slow_rate: rate.default(0),
  slow_seconds: seconds.default(1),
});

const behaviourSchema = z.strictObject({
  borrowers: borrowers.prefault({}),
  rivals: rivals.prefault({}),
  loans: loans.prefault({}),
  contract: contract.prefault({}),
  webhooks: webhooks.prefault({}),
  api: api.prefault({}),
  pace: z
    .strictObject({
      auctions_per_minute: z.number().min(0).max(60_000).default(30),
      window_seconds: seconds.default(30),
      /** How long each step after the win takes. */
      step_seconds: seconds.default(2),
      request_lives_seconds: seconds.default(86_369),
      /** Where `contract.unsigned_ends` says so: from its link, or from the signature that failed, to the end. */
      unsigned_lives_seconds: z.number().min(0).max(604_800).default(172_800),
    })
    .prefault({}),
  clock: z
    .strictObject({
      /** How far the day and hour of QI's business are from now. Signatures and webhooks keep the true time. */
      offset_seconds: z.number().default(0),
    })
    .prefault({}),
  keep: z
    .strictObject({
      auctions: z.int().min(1).default(10_000),
      /** Debts that the partner issued, and balance queries. */
      debts: z.int().min(1).default(10_000),
      queries: z.int().min(1).default(10_000),
      uploads: z.int().min(1).default(1000),
      webhooks: z.int().min(1).default(50_000),
      calls: z.int().min(1).default(50_000),
    })
    .prefault({}),
});

export type Behaviour = z.infer<typeof behaviourSchema>;
/** Any part of a behaviour, nested; what is not named stays as it is. */
export type BehaviourChange = z.input<typeof behaviourSchema>;

export class BehaviourError extends Error {
  override readonly name = 'BehaviourError';
  constructor(readonly problems: readonly string[]) {
    super(`behaviour is wrong:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
  }
}

/**
 * `current` with `change` merged into it, section by section.
 * @throws BehaviourError naming every wrong or unknown field.
 */
export function changeBehaviour(current: unknown, change: unknown): Behaviour {
  const result = behaviourSchema.safeParse(merge(current, change));
  if (result.success) return result.data;
  throw new BehaviourError(
    result.error.issues.map((issue) => `${issue.path.join('.') || '(top)'}: ${issue.message}`),
  );
}

export const defaultBehaviour = (): Behaviour => behaviourSchema.parse({});

function merge(current: unknown, change: unknown): unknown {
  if (!isPlainObject(current) || !isPlainObject(change)) return change;
  const merged = { ...current };
  for (const [key, value] of Object.entries(change)) {
    if (value !== undefined) merged[key] = merge(current[key], value);
  }
  return merged;
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
