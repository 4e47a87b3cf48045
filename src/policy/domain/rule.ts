import type { CalendarDate } from '../../kernel';
import { compileCondition, type CompiledCondition, type NamedSets } from './condition';
import type { Rule } from './document';
import { fieldDefinition, isFieldName, type Facts, type FieldName, type Stage } from './fields';
import type { Product } from './product';
import { factShower } from './read-fact';

/** `indeterminate` declines: a fact the rule needs is missing and the rule does not say that this may pass. */
export type RuleResult = 'pass' | 'decline' | 'review' | 'flag' | 'indeterminate';

/** What one rule said of one request or offer. Holds no personal data unmasked. */
export interface RuleVerdict {
  readonly ruleId: string;
  readonly code: string;
  readonly result: RuleResult;
  /** In Portuguese, ready to show; undefined when the rule passed. */
  readonly message: string | undefined;
  readonly observed: string;
  readonly required: string;
  /** Facts that were missing, also when the rule lets them pass. */
  readonly missing: readonly FieldName[];
}

/** Why a request is declined, reviewed or flagged, as the auction records and shows it. */
export interface Reason {
  /** The rule's code, or DATA_MISSING:<field>. */
  readonly code: string;
  readonly message: string;
  readonly severity: 'decline' | 'review' | 'flag';
  readonly ruleId: string | undefined;
  readonly observed: string | undefined;
  readonly required: string | undefined;
}

export interface CompiledRule {
  readonly stage: Stage;
  readonly inForce: (on: CalendarDate) => boolean;
  readonly evaluate: (facts: Facts) => RuleVerdict;
}

/** Codes that decisions may carry without a rule of the document. */
export const MARGIN_BELOW_MINIMUM = 'MARGIN_BELOW_MINIMUM';
export const LATE_BIDDING_OFF = 'LATE_BIDDING_OFF';
export const SNAPSHOT_TOO_OLD = 'SNAPSHOT_TOO_OLD';

const NONE: readonly FieldName[] = [];
const PLACEHOLDER = /\{([a-z_]+)\}/g;

export function compileRule(rule: Rule, sets: NamedSets): CompiledRule {
  const condition = compileCondition(rule.require, sets);
  const sentence = compileSentence(rule.sentence, condition);
  const { id: ruleId, code, severity, on_missing: onMissing } = rule;
  const { required } = condition;
  const { from, until } = rule.effective ?? {};
  return {
    stage: stageOf(condition.fields),
    inForce: (on) => (from === undefined || on >= from) && (until === undefined || on < until),
    evaluate: (facts) => {
      const truth = condition.test(facts);
      const observed = condition.observed(facts);
      if (truth === true) {
        return { ruleId, code, result: 'pass', message: undefined, observed, required, missing: NONE };
      }
      if (truth === false) {
        const message = sentence(facts);
        return { ruleId, code, result: severity, message, observed, required, missing: NONE };
      }
      const missing = condition.missing(facts);
      return onMissing === 'pass'
        ? { ruleId, code, result: 'pass', message: undefined, observed, required, missing }
        : {
            ruleId,
            code,
            result: 'indeterminate',
            message: missingMessage(missing),
            observed,
            required,
            missing,
          };
    },
  };
}

/** A rule waits for the offer as soon as one of its fields does. */
export function stageOf(fields: readonly FieldName[]): Stage {
  return fields.some((field) => fieldDefinition(field).stage === 'offer') ? 'offer' : 'request';
}

export function missingMessage(fields: readonly FieldName[]): string {
  return `Dado ausente ou ilegível: ${fields.map((field) => fieldDefinition(field).label).join(', ')}.`;
}

/** Names in a sentence that nothing can fill, in decisions on a product. */
export function unknownPlaceholders(sentence: string, product: Product): readonly string[] {
  const isFilled = (name: string): boolean =>
    name === 'observed' ||
    name === 'required' ||
    (isFieldName(name) && fieldDefinition(name).products.includes(product));
  return [...sentence.matchAll(PLACEHOLDER)].map((match) => match[1] ?? '').filter((name) => !isFilled(name));
}

/** A sentence with its placeholders, ready to be filled from facts. */
export function compileSentence(
  sentence: string,
  condition: Pick<CompiledCondition, 'observed' | 'required'>,
): (facts: Facts) => string {
  const pieces = sentence.split(PLACEHOLDER); // text, name, text, name, ..., text
  const shown = pieces.map((piece, index): string | ((facts: Facts) => string) => {
    if (index % 2 === 0) return piece;
    if (piece === 'observed') return condition.observed;
    if (piece === 'required') return condition.required;
    return isFieldName(piece) ? factShower(piece) : `{${piece}}`;
  });
  return (facts) => shown.map((piece) => (typeof piece === 'string' ? piece : piece(facts))).join('');
}

/** The reasons in a list of verdicts: one for each rule not passed, one for each missing field. */
export function reasonsOf(verdicts: readonly RuleVerdict[]): readonly Reason[] {
  const reasons = new Map<string, Reason>();
  for (const { ruleId, code, result, message, observed, required, missing } of verdicts) {
    if (result === 'indeterminate') {
      for (const field of missing) reasons.set(`DATA_MISSING:${field}`, missingReason(field));
    } else if (result !== 'pass') {
      reasons.set(ruleId, { code, message: message ?? code, severity: result, ruleId, observed, required });
    }
  }
  return [...reasons.values()];
}

export function missingReason(field: FieldName): Reason {
  return {
    code: `DATA_MISSING:${field}`,
    message: missingMessage([field]),
    severity: 'decline',
    ruleId: undefined,
    observed: undefined,
    required: undefined,
  };
}
