import { errorAt, indexed, messageAt, numbered, problemsIn, type Problem } from './problems';

const document = {
  rules: [{ id: 'idade' }, { id: 'casa' }],
  tables: [{ id: 'precos', rows: [{ id: 'r1' }, { id: 't3.p1' }] }],
};

describe('places of problems', () => {
  it.each([
    ['rules[casa].require', 'rules[1].require'],
    ['rules[1].require.all[0].value', 'rules[1].require.all[0].value'],
    ['tables[precos].rows[t3.p1].then', 'tables[0].rows[1].then'],
    ['tables[outra].rows', 'tables[outra].rows'],
    ['limits.amount.maximum', 'limits.amount.maximum'],
    ['', ''],
  ])('%s is %s', (named, place) => {
    expect(numbered(document, named)).toBe(place);
  });

  const problems: Problem[] = [
    { path: 'rules[1].code', message: 'sem código', severity: 'error' },
    { path: 'rules[1].require.value', message: 'não é número', severity: 'error' },
    { path: 'rules[10]', message: 'outra', severity: 'error' },
    { path: 'rules[2].require', message: 'veja', severity: 'warning' },
  ];
  it('finds those of a place and of what is in it, and of nothing beside it', () => {
    expect(problemsIn(problems, 'rules[1]').map(({ message }) => message)).toEqual([
      'sem código',
      'não é número',
    ]);
    expect(messageAt(problems, 'rules[1].require')).toBe('não é número');
    expect(messageAt(problems, 'rules[2]')).toBe('veja');
    expect(errorAt(problems, 'rules[2]')).toBeUndefined();
    expect(messageAt(problems, 'rules[3]')).toBeUndefined();
    const places = indexed(problems);
    for (const place of ['rules', 'rules[1]', 'rules[1].require', 'rules[1].require.value', 'rules[10]'])
      expect(places.get(place)).toEqual(problemsIn(problems, place));
    expect(places.get('rules[3]')).toBeUndefined();
  });
});
