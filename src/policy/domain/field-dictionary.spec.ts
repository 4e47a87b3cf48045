import { readFileSync, writeFileSync } from 'node:fs';
import { FIELD_NAMES, fieldDefinition, haveSameValues, isFieldName, type FieldName } from './fields';
import { PRODUCTS } from './product';

describe('the field dictionary', () => {
  it.each(FIELD_NAMES)('%s can be read by people and checked by machines', (name) => {
    const { type, label, source, pattern, values, unit, atMost, eSocialTable } = fieldDefinition(name);
    expect(name).toMatch(/^[a-z]+(_[a-z]+)*$/);
    expect(label.length).toBeGreaterThan(3);
    expect(source).toMatch(
      /^(issuer_proposal_request_data\.|derivado|oferta|proposta|consulta de (saldo|margem))/,
    );
    const isText = type === 'code' || type === 'code_list' || type === 'text';
    expect([pattern, values].filter((form) => form !== undefined)).toHaveLength(isText ? 1 : 0);
    expect(unit === undefined || type === 'integer').toBe(true);
    expect(atMost !== undefined).toBe(type === 'rate');
    expect(eSocialTable === undefined || type === 'code_list').toBe(true);
  });

  it('has no names but its own', () => {
    for (const name of ['', 'toString', '__proto__', 'hasOwnProperty']) expect(isFieldName(name)).toBe(false);
  });

  it.each<readonly [FieldName, FieldName, boolean]>([
    ['running_leave_codes', 'upcoming_leave_codes', true],
    ['running_leave_codes', 'termination_codes', false],
    ['political_exposition', 'relationship', false], // QI's words of one field alone
    ['channel', 'channel', true],
    ['anniversary_month', 'employer_document_type', false],
    ['is_pep', 'employer_document_valid', true],
    ['borrower_age', 'employer_document_type', false],
    ['borrower_age', 'reference_age_hours', false],
  ])('knows whether a list of %s can match %s: %s', (of, field, can) => {
    expect([haveSameValues(of, field), haveSameValues(field, of)]).toEqual([can, can]);
  });

  it('is printed in docs/policy.md as it is (UPDATE_DOCS=1 rewrites it)', () => {
    const file = 'docs/policy.md';
    const text = readFileSync(file, 'utf8');
    const [begin, end] = ['<!-- fields: begin -->', '<!-- fields: end -->'];
    const [head, rest = ''] = text.split(begin);
    const fresh = `${head ?? ''}${begin}\n\n${dictionaryTable()}\n\n${end}${rest.split(end)[1] ?? ''}`;
    if (process.env.UPDATE_DOCS === '1') writeFileSync(file, fresh);
    else expect(text).toBe(fresh);
  });
});

function dictionaryTable(): string {
  const rows = FIELD_NAMES.map((name) => {
    const { type, stage, products, label, unit, personal, source } = fieldDefinition(name);
    const kind = unit === undefined ? type : `${type} (${unit[1]})`;
    const known = products.length === PRODUCTS.length ? 'all' : products.join(', ');
    return [`\`${name}\``, kind, stage, known, `${label}${personal === true ? ' (pessoal)' : ''}`, source];
  });
  const lines = [['field', 'kind', 'known with the', 'in products', 'in Portuguese', 'source'], ...rows];
  const widths = [0, 1, 2, 3, 4, 5].map((column) =>
    Math.max(...lines.map((line) => line[column]?.length ?? 0)),
  );
  const print = (line: readonly string[]) =>
    `| ${line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  const [header = [], ...body] = lines;
  return [print(header), print(widths.map((width) => '-'.repeat(width))), ...body.map(print)].join('\n');
}
