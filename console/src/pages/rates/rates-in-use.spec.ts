import type { RateModels } from '../../api/client';
import { isOfActivePolicy, mayReturn, standing, versionInUse } from './rates-in-use';

const version = (policy: string, state: string) =>
  ({ policy, state, stage: 'active' }) as RateModels['versions'][number];
const models = (...versions: RateModels['versions']) => ({
  learning: { policy: '7', policy_hash: 'now', mandate: {} },
  line: { returned: null, resume_asked: null, resumed_on: null },
  versions,
  fallback: null as RateModels['fallback'],
});

describe('the rates in use', () => {
  it('are those of the version in force of the active policy', () => {
    const inForce = version('now', 'in_force');
    expect(versionInUse(models(version('now', 'waiting'), inForce))).toBe(inForce);
    expect(standing(models(inForce))).toBe('Taxas aprendidas: em todos, menos no controle');
  });

  it('are the table’s while the version in force is of another policy, whatever its stage', () => {
    const before = models(version('before', 'in_force'));
    expect(versionInUse(before)).toBeUndefined();
    expect(standing(before)).toBe('Sem versão desta política: os lances saem da tabela');
    expect(before.versions.map((one) => isOfActivePolicy(one, { learning: null }))).toEqual([false]);
  });

  it.each([
    ['FUNDING_SPENT', 'O teto do dia para taxas aprendidas foi usado, ou é zero: os lances saem da tabela'],
    ['ORIGIN_CHANGED', 'As premissas da versão mudaram: os lances saem da tabela'],
    ['STALE', 'A versão está velha: os lances saem da tabela'],
  ] as const)('are the table’s while the service falls back for %s', (fallback, words) => {
    expect(standing({ ...models(version('now', 'in_force')), fallback })).toBe(words);
  });

  it('may be returned to the table also before the night of a policy that was just activated', () => {
    const before = models(version('before', 'in_force'));
    expect(mayReturn(before)).toBe(true);
    expect(mayReturn({ ...before, learning: null })).toBe(false);
    expect(mayReturn(models(version('now', 'retired')))).toBe(false);
    const returned = { at: '', by: 'ana', code: 'PERSON' as const, reason: '' };
    expect(mayReturn({ ...before, line: { ...before.line, returned } })).toBe(false);
  });

  it('are the table’s where there is no version, where all were returned, and where nothing may be learnt', () => {
    const { line } = models();
    const returned = { at: '', by: 'ana', code: 'PERSON' as const, reason: '' };
    expect(standing(models())).toBe('Ainda sem versão: os lances saem da tabela');
    expect(standing({ ...models(version('now', 'in_force')), line: { ...line, returned } })).toBe(
      'Todos os lances saem da tabela da política',
    );
    expect(standing({ ...models(), learning: null })).toBe('A política ativa não deixa aprender taxas');
  });
});
