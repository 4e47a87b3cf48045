import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { calendarDate } from '../kernel';
import { A_RULE, policyJson } from '../../test/support/policies';
import { runPolicyCommand } from './policy.command';
import { loadReferenceData } from './reference-data';

describe('npm run policy', () => {
  const directory = mkdtempSync(join(tmpdir(), 'policy-'));
  afterAll(() => {
    rmSync(directory, { recursive: true });
  });

  const file = (name: string, content: unknown): string => {
    const path = join(directory, name);
    writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
    return path;
  };
  const run = (...args: string[]) => {
    const [out, err]: [string[], string[]] = [[], []];
    const code = runPolicyCommand(args, {
      out: (line) => out.push(line),
      err: (line) => err.push(line),
      reference: loadReferenceData('config'),
      today: calendarDate('2026-08-18'),
    });
    return { code, out: out.join('\n'), err: err.join('\n') };
  };

  const sound = file(
    'sound.json',
    policyJson({ lists: [{ name: 'cpfs', of: 'borrower_cpf', label: 'CPFs' }] }),
  );
  const wrong = file('wrong.json', policyJson({ rules: [{ ...A_RULE, code: 'x', severity: 'y' }] }));

  it('checks the policy shipped with the product', () => {
    expect(run('check', 'config/policies/default.json')).toMatchObject({
      code: 0,
      out: expect.stringMatching(/: ok \([0-9a-f]{64}\)$/) as string,
    });
  });

  it('prints every problem of every file with its path, and fails', () => {
    const { code, out } = run('check', sound, wrong);
    expect(code).toBe(1);
    expect(out).toContain('sound.json: ok');
    expect(out).toContain('rules[0].code: ');
    expect(out).toContain('(encontrado: x)');
    expect(out).toContain('rules[0].severity: ');
  });

  it('fails on a finding that forbids activation, not on one to be weighed', () => {
    const rules = (codes: readonly string[]) =>
      policyJson({
        rules: [{ ...A_RULE, require: { field: 'running_leave_codes', op: 'none_of', value: codes } }],
      });
    expect(run('check', file('unknown.json', rules(['99'])))).toMatchObject({ code: 1 });
    const ended = run('check', file('ended.json', rules(['30'])));
    expect(ended.code).toBe(0);
    expect(ended.out).toContain('aviso: rules[idade].require: o código 30');
  });

  it('says of each part left out that it was', () => {
    const { out } = run('check', file('empty.json', {}));
    expect(out).toContain('empty.json: erro: limits: não foi preenchido');
    expect(out).toContain('empty.json: erro: rules: não foi preenchido');
  });

  it('runs the test cases and says what came instead', () => {
    expect(run('test', 'config/policies/default.json')).toMatchObject({ code: 0 });
    const cases = [{ name: 'nada se sabe', on: '2026-08-18', facts: {}, expect: { outcome: 'accept' } }];
    const { code, out } = run('test', file('failing.json', policyJson({ test_cases: cases })));
    expect(code).toBe(1);
    expect(out).toContain('falhou: nada se sabe');
    expect(out).toContain('DATA_MISSING:margin');
    expect(out).toContain('0 de 1 casos passam');
  });

  it('shows what changed', () => {
    const other = file(
      'other.json',
      policyJson({ rules: [{ ...A_RULE, require: { ...A_RULE.require, value: 21 } }] }),
    );
    const { code, out } = run('diff', file('before.json', policyJson()), other);
    expect([code, out]).toEqual([0, '~ rules[idade].require.value: 18 -> 21']);
    expect(run('diff', sound, wrong).code).toBe(1);
  });

  it.each([[[]], [['check']], [['diff', 'a']], [['publish', 'a']]])(
    'explains itself on wrong use: %p',
    (args) => {
      expect(run(...args)).toMatchObject({
        code: 2,
        out: '',
        err: expect.stringMatching(/^uso: /) as string,
      });
    },
  );

  it('names a file it cannot read', () => {
    expect(run('check', join(directory, 'none.json'))).toMatchObject({
      code: 2,
      err: expect.stringContaining('none.json') as string,
    });
    expect(run('test', file('broken.json', '{')).code).toBe(2);
  });

  it.each([
    ['csv', 'precos'],
    ['xlsx', 'precos'],
    ['csv', 'fgts/precos-com-tarifa'],
    ['xlsx', 'federal_payroll/situacoes'],
  ])('gives a table out as %s and takes it back, the rest of the file as it was: %s', (format, table) => {
    const policy = file(`whole-${format}.json`, readFileSync('config/policies/default.json', 'utf8'));
    const sheet = join(directory, `tabela.${format}`);
    expect(run('export', policy, table, sheet)).toMatchObject({ code: 0 });
    expect(run('import', policy, table, sheet)).toMatchObject({ code: 0, out: '' });
    expect(run('diff', 'config/policies/default.json', policy)).toMatchObject({ code: 0, out: '' });
    expect(run('test', policy).code).toBe(0);
  });
});
