import {
  FIELD_NAMES,
  fieldDefinition,
  haveSameValues,
  OPERATORS,
  type PolicyChange,
  type PolicyTestResult,
  type ReferenceData,
} from './domain';
import type { Examination } from './policy-examination.service';
import type { PolicyRow } from './policy-row';

/** What the API shows: times in ISO 8601, nothing undefined. Policies hold no personal data. */
export function viewSummary(row: PolicyRow) {
  const { number, hash, state, based_on, authors, approver, shadow, document, refused_at: refusedAt } = row;
  return {
    number,
    hash,
    name: nameIn(document),
    own_name: row.own_name,
    state,
    based_on,
    authors: [...authors],
    approver,
    shadow,
    activate_at: row.activate_at?.toISOString() ?? null,
    activation_refused:
      refusedAt === null ? null : { at: refusedAt.toISOString(), message: row.refused_for ?? '' },
    created_at: row.created_at.toISOString(),
    changed_at: row.changed_at.toISOString(),
    submitted_at: row.submitted_at?.toISOString() ?? null,
    approved_at: row.approved_at?.toISOString() ?? null,
  };
}

export function viewVersion(row: PolicyRow) {
  return { ...viewSummary(row), document: documentOf(row.document), lists: { ...row.lists } };
}

export function viewExamination({ findings, tests, costs }: Examination) {
  return { findings: [...findings], tests: tests.map(viewTest), costs: [...costs] };
}

function viewTest({ name, passed, expected, actual, explained }: PolicyTestResult) {
  const view = ({ outcome, reasons, row }: PolicyTestResult['actual']) => ({
    outcome,
    reasons: [...reasons],
    row: row ?? null,
  });
  const reasons = explained.map(({ ruleId, observed, required, ...reason }) => ({
    ...reason,
    rule: ruleId ?? null,
    observed: observed ?? null,
    required: required ?? null,
  }));
  return { name, passed, expected: view(expected), actual: view(actual), explained: reasons };
}

/** Everything a policy may speak of, and how. */
export function viewDictionary({ eSocial }: ReferenceData) {
  return {
    fields: FIELD_NAMES.map((name) => {
      const { type, stage, products, label, unit, source, personal, pattern, values, eSocialTable } =
        fieldDefinition(name);
      const codes = eSocialTable && [...eSocial[eSocialTable]];
      return {
        name,
        type,
        stage,
        products: [...products],
        label,
        unit: unit?.[1] ?? null,
        source,
        personal: personal === true,
        pattern: pattern?.source ?? null,
        codes:
          codes?.map(([code, { name: meaning, ended }]) => ({ code, name: meaning, ended: ended ?? null })) ??
          values?.map((code) => ({ code, name: code, ended: null })) ??
          null,
        lists_of: FIELD_NAMES.filter((of) => haveSameValues(of, name)),
      };
    }),
    operators: Object.entries(OPERATORS).map(([name, { types, operand, words }]) => ({
      name,
      types: [...types],
      operand,
      words,
    })),
  };
}

export function viewChange({ path, kind, before, after }: PolicyChange) {
  return { path, kind, before: before ?? null, after: after ?? null };
}

/** A stored document is canonical JSON; its only bare numbers are small integers. */
function documentOf(document: string): Record<string, unknown> {
  const parsed: unknown = JSON.parse(document);
  return typeof parsed === 'object' && parsed !== null ? { ...parsed } : {};
}

function nameIn(document: string): string {
  const { name } = documentOf(document);
  return typeof name === 'string' ? name : '';
}
