import type { EligibilityTable } from './document';
import { fieldDefinition, type Facts, type FieldName } from './fields';
import { gridOf, type InlineLists } from './grid';
import { compileMatch } from './match-table';
import { factShower } from './read-fact';
import { compileSentence, missingMessage, type CompiledRule, type RuleResult } from './rule';

const NO_COLUMNS: ReadonlySet<FieldName> = new Set();
const RESULTS = { allow: 'pass', review: 'review', decline: 'decline' } as const;

/** A table of who may have a loan, as one more rule: it is evaluated, traced and explained like any other. */
export function compileEligibility(table: EligibilityTable, lists: InlineLists): CompiledRule {
  const match = compileMatch(
    table,
    gridOf(table, lists),
    NO_COLUMNS,
    ([first = -1]) => table.rows[first]?.then,
  );
  const columns = table.columns.map((column) => ({
    label: fieldDefinition(column).label,
    show: factShower(column),
  }));
  const observed = (facts: Facts): string =>
    columns.map(({ label, show }) => `${label}: ${show(facts)}`).join('; ');
  const required = `permitido na tabela "${table.label}"`;
  const sentence = compileSentence(table.reason.sentence, { observed, required });
  const verdict = (facts: Facts, code: string, result: RuleResult, message: string | undefined) => ({
    ruleId: `tables.${table.id}`,
    code,
    result,
    message,
    observed: observed(facts),
    required,
    missing: [],
  });
  return {
    stage: 'request',
    inForce: () => true,
    evaluate: (facts) => {
      const found = match(facts);
      if (found.kind === 'match') {
        const result = RESULTS[found.value.decision];
        return verdict(facts, table.reason.code, result, result === 'pass' ? undefined : sentence(facts));
      }
      if (found.missing.length === 0)
        return verdict(facts, table.no_match.code, 'decline', table.no_match.sentence);
      const message = missingMessage(found.missing);
      return { ...verdict(facts, table.reason.code, 'indeterminate', message), missing: found.missing };
    },
  };
}
