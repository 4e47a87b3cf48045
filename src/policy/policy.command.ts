import { readFileSync } from 'node:fs';
import { parseJson, type CalendarDate } from '../kernel';
import {
  checkPolicy,
  compilePolicy,
  diffPolicies,
  parsePolicy,
  runPolicyTests,
  type Policy,
  type ReferenceData,
} from './domain';

/** What a command needs from outside; results go to `out`, what is wrong with its use to `err`. */
export interface PolicyCommandContext {
  readonly out: (line: string) => void;
  readonly err: (line: string) => void;
  readonly reference: ReferenceData;
  readonly today: CalendarDate;
}

const USAGE = `usage: policy check FILE...      problems and findings of each document
       policy test FILE...       runs the test cases each document carries
       policy diff BEFORE AFTER  what changed, by cell`;

/**
 * `npm run policy -- check|test|diff`: works on policy files, without a database.
 * @returns the exit code: 0 sound, 1 something is wrong with a policy, 2 wrong use or an unreadable file.
 */
export function runPolicyCommand(args: readonly string[], context: PolicyCommandContext): number {
  const [command, ...files] = args;
  try {
    if (command === 'check' && files.length > 0) return worst(files.map((file) => check(file, context)));
    if (command === 'test' && files.length > 0) return worst(files.map((file) => test(file, context)));
    if (command === 'diff' && files.length === 2) return diff(files, context);
  } catch (error) {
    if (!(error instanceof UnreadableFileError)) throw error;
    context.err(error.message);
    return 2;
  }
  context.err(USAGE);
  return 2;
}

const worst = (codes: readonly number[]): number => Math.max(...codes);

class UnreadableFileError extends Error {}

function check(file: string, context: PolicyCommandContext): number {
  const policy = open(file, context);
  if (policy === undefined) return 1;
  const findings = checkPolicy(policy, context.reference, context.today);
  for (const { severity, path, message } of findings) {
    context.out(`${file}: ${severity === 'error' ? 'erro' : 'aviso'}: ${path}: ${message}`);
  }
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  if (errors === 0) context.out(`${file}: ok (${compiled(policy).hash})`);
  return errors === 0 ? 0 : 1;
}

function test(file: string, context: PolicyCommandContext): number {
  const policy = open(file, context);
  if (policy === undefined) return 1;
  const results = runPolicyTests(compiled(policy));
  for (const { name, passed, expected, actual } of results) {
    if (!passed) {
      context.out(`${file}: falhou: ${name}`);
      context.out(`  esperado: ${JSON.stringify(expected)}`);
      context.out(`  obtido:   ${JSON.stringify(actual)}`);
    }
  }
  const failed = results.filter(({ passed }) => !passed).length;
  context.out(`${file}: ${String(results.length - failed)} de ${String(results.length)} casos passam`);
  return failed === 0 ? 0 : 1;
}

function diff(files: readonly string[], context: PolicyCommandContext): number {
  const [before, after] = files.map((file) => open(file, context));
  if (before === undefined || after === undefined) return 1;
  for (const change of diffPolicies(before, after)) {
    const sign = { added: '+', removed: '-', changed: '~' }[change.kind];
    const values = [change.before, change.after].map((value) => value ?? '(nada)').join(' -> ');
    context.out(`${sign} ${change.path}: ${values}`);
  }
  return 0;
}

/** A file's lists kept outside it are not at hand here: its rules on them see empty lists. */
function compiled(policy: Policy): ReturnType<typeof compilePolicy> {
  const external = policy.lists.filter((list) => !('entries' in list));
  const empty = { sha256: '', has: () => false };
  return compilePolicy(policy, new Map(external.map(({ name }) => [name, empty])));
}

function open(file: string, context: PolicyCommandContext): Policy | undefined {
  const parsed = parsePolicy(readJson(file));
  if (parsed.kind === 'ok') return parsed.policy;
  for (const { path, message, value } of parsed.problems) {
    const found = value === null ? '' : ` (encontrado: ${value})`;
    context.out(`${file}: erro: ${path === '' ? 'documento' : path}: ${message}${found}`);
  }
  return undefined;
}

function readJson(file: string): unknown {
  try {
    return parseJson(readFileSync(file, 'utf8'));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UnreadableFileError(`${file}: ${why}`);
  }
}
