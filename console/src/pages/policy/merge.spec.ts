import { differences, merge } from './merge';

const base = {
  name: 'P',
  limits: { amount: { minimum: '500', maximum: '30000' } },
  rules: [
    { id: 'idade', value: 18 },
    { id: 'casa', value: 6 },
  ],
  lists: [{ name: 'bloqueados', entries: ['a'] }],
};

const neverMine = (): boolean => false;

describe('two people at one draft', () => {
  it('keeps the changes of both where they do not meet', () => {
    const mine = { ...base, rules: [base.rules[0], { id: 'casa', value: 12 }, { id: 'nova', value: 1 }] };
    const theirs = { ...base, limits: { amount: { minimum: '500', maximum: '20000' } } };
    expect(merge<unknown>(base, mine, theirs, neverMine)).toEqual({
      value: { ...mine, limits: theirs.limits },
      conflicts: [],
    });
  });

  it('leaves what one of them put in a place there, where the other kept the order', () => {
    const [age, tenure] = base.rules;
    const mine = { ...base, rules: [age, { id: 'nova', value: 1 }, tenure] };
    const theirs = { ...base, rules: [age, { ...tenure, value: 7 }] };
    const both = { ...base, rules: [age, { id: 'nova', value: 1 }, { ...tenure, value: 7 }] };
    expect(merge<unknown>(base, mine, theirs, neverMine).value).toEqual(both);
    expect(merge<unknown>(base, theirs, mine, neverMine).value).toEqual(both);
  });

  it('names each place that both changed, and takes whose is preferred', () => {
    const mine = { ...base, rules: [{ id: 'idade', value: 21 }, base.rules[1]], name: 'Minha' };
    const theirs = { ...base, rules: [{ id: 'idade', value: 25 }, base.rules[1]], name: 'Delas' };
    const merged = merge<unknown>(base, mine, theirs, (path) => path === 'name');
    expect(merged.conflicts).toEqual([
      { path: 'name', base: 'P', mine: 'Minha', theirs: 'Delas' },
      { path: 'rules[idade].value', base: 18, mine: 21, theirs: 25 },
    ]);
    expect(merged.value).toMatchObject({ name: 'Minha', rules: [{ value: 25 }, { value: 6 }] });
  });

  it('removes what one of them removed, and asks where the other changed it', () => {
    const [age, tenure] = base.rules;
    const without = { ...base, rules: [age] };
    expect(merge<unknown>(base, without, base, neverMine).value).toEqual(without);
    expect(merge<unknown>(base, base, without, neverMine).value).toEqual(without);
    const changed = { ...base, rules: [age, { ...tenure, value: 7 }] };
    const merged = merge<unknown>(base, changed, without, neverMine);
    expect(merged.conflicts).toMatchObject([{ path: 'rules[casa]', theirs: undefined }]);
    expect(merged.value).toEqual(without);
    expect(merge<unknown>(base, changed, without, () => true).value).toEqual(changed);
  });

  it('takes plain lists whole', () => {
    const mine = { ...base, lists: [{ name: 'bloqueados', entries: ['a', 'b'] }] };
    const theirs = { ...base, lists: [{ name: 'bloqueados', entries: ['c'] }] };
    expect(merge<unknown>(base, mine, theirs, neverMine).conflicts).toMatchObject([
      { path: 'lists[bloqueados].entries' },
    ]);
  });

  it('tells every difference by its cell', () => {
    const after = { ...base, rules: [{ id: 'idade', value: 21 }], name: 'Q' };
    expect(differences(base, after).map(({ path }) => path)).toEqual([
      'name',
      'rules[idade].value',
      'rules[casa]',
    ]);
    expect(differences(base, structuredClone(base))).toEqual([]);
  });
});
