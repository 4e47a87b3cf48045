import {
  errorAt,
  indexed,
  messageAt,
  messageAtEntries,
  numbered,
  problemsIn,
  type Problem,
} from './problems';

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

describe('what is wrong with a list that is written one entry a line', () => {
  const at = (entry: number, message: string, severity: Problem['severity'] = 'error'): Problem => ({
    path: `lists[1].entries[${String(entry)}]`,
    message,
    severity,
  });
  const ENTRIES = ['29113956', '29.113.956', '1'];

  it('names the entries', () => {
    expect(
      messageAtEntries([at(1, 'sem pontos'), at(2, 'oito'), at(0, 'antiga', 'warning')], 'lists[1]', ENTRIES),
    ).toBe('“29.113.956”: sem pontos; “1”: oito');
    expect(messageAtEntries([at(1, 'sem pontos')], 'lists[0]', ENTRIES)).toBeUndefined();
    expect(
      messageAtEntries([{ path: 'lists[1]', message: 'sem uso', severity: 'warning' }], 'lists[1]', ENTRIES),
    ).toBe('sem uso');
  });

  it('says how many more there are', () => {
    const many = Array.from({ length: 8 }, (_, entry) => at(entry, 'não'));
    expect(messageAtEntries(many, 'lists[1]', ENTRIES)).toMatch(/^“29113956”: não; .*; e mais 3$/);
  });
});
