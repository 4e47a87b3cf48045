import type { PolicyDocument } from './document';
import {
  newSection,
  placeInSection,
  problemsOf,
  productAt,
  viewOf,
  withSection,
  withView,
} from './product-view';
import type { Problem } from './problems';

const rule = (id: string) => ({ id, code: 'C', sentence: 's', require: { cel: 'x' } });
const DOCUMENT: PolicyDocument = {
  name: 'p',
  rules: [rule('a')],
  tables: [],
  lists: [],
  fitting: { strategies: ['decline'] },
  products: { fgts: { ...newSection('fgts'), rules: [rule('f')] } },
};
const view = () => viewOf(DOCUMENT, 'fgts') ?? DOCUMENT;

describe('a document seen as that of one product', () => {
  it('has the parts of its section, and shares the rest', () => {
    expect(view().rules.map(({ id }) => id)).toEqual(['f']);
    expect(view().lists).toBe(DOCUMENT.lists);
    expect(viewOf(DOCUMENT, 'private_payroll')).toBe(DOCUMENT);
    expect(viewOf(DOCUMENT, 'federal_payroll')).toBeUndefined();
  });

  it('puts what was changed where it belongs, and changes nothing else', () => {
    expect(withView(DOCUMENT, 'fgts', view())).toEqual(DOCUMENT);
    const changed = withView(DOCUMENT, 'fgts', { ...view(), rules: [rule('g')], name: 'q' });
    expect(changed).toEqual({
      ...DOCUMENT,
      name: 'q',
      products: { fgts: { ...newSection('fgts'), rules: [rule('g')] } },
    });
  });

  it('may get a section and lose it again', () => {
    const both = withSection(DOCUMENT, 'federal_payroll', newSection('federal_payroll'));
    expect(viewOf(both, 'federal_payroll')?.rules).toHaveLength(1);
    const { products: _, ...bare } = DOCUMENT;
    expect(withSection(withSection(both, 'federal_payroll', undefined), 'fgts', undefined)).toEqual(bare);
  });
});

it('problems stand at the places of the view', () => {
  const at = (path: string): Problem => ({ path, message: 'm', severity: 'error' });
  const problems = ['rules[0].code', 'products.fgts.rules[1].code', 'lists[0]', 'fitting.strategies'].map(at);
  const paths = (product: 'private_payroll' | 'fgts' | 'federal_payroll') =>
    problemsOf(problems, product).map(({ path }) => path);
  expect(paths('private_payroll')).toEqual(['rules[0].code', 'lists[0]', 'fitting.strategies']);
  expect(paths('fgts')).toEqual(['rules[1].code', 'lists[0]']);
  expect(paths('federal_payroll')).toEqual(['lists[0]']);
  expect(productAt('products.fgts.limits')).toBe('fgts');
  expect(placeInSection('products.fgts.limits')).toBe('limits');
});
