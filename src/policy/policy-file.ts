import { readFileSync } from 'node:fs';
import type { DataSource } from 'typeorm';
import { codeOf, parseJson } from '../kernel';
import { parsePolicy, type CompiledPolicy, type Policy, type PolicyProblem } from './domain';
import type { PolicyLibrary } from './policy-library.service';

/** Not there, not readable, or not what its name says; the message names the file, in Portuguese. */
export class UnreadableFileError extends Error {
  constructor(file: string, error: unknown) {
    super(`${file}: ${whyUnreadable(error)}`);
  }
}

const WHY: Readonly<Record<string, string>> = {
  ENOENT: 'o arquivo não existe',
  EISDIR: 'é uma pasta, não um arquivo',
  EACCES: 'sem permissão de leitura',
};

function whyUnreadable(error: unknown): string {
  if (error instanceof SyntaxError) return `não é JSON válido (${error.message})`;
  return WHY[codeOf(error) ?? ''] ?? (error instanceof Error ? error.message : String(error));
}

/** @throws UnreadableFileError */
export function readJsonFile(file: string, parse: (text: string) => unknown = parseJson): unknown {
  try {
    return parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new UnreadableFileError(file, error);
  }
}

/** What is wrong with the file is told line by line. @throws UnreadableFileError */
export function openPolicyFile(file: string, tell: (line: string) => void): Policy | undefined {
  const parsed = parsePolicy(readJsonFile(file));
  if (parsed.kind === 'ok') return parsed.policy;
  for (const problem of parsed.problems) tell(`${file}: erro: ${inWords(problem)}`);
  return undefined;
}

function inWords({ path, message, value }: PolicyProblem): string {
  const found = value === null ? '' : ` (encontrado: ${value})`;
  return `${path === '' ? 'documento' : path}: ${message}${found}`;
}

/**
 * A policy file ready to decide. The lists that it does not contain are those which the version in force has under
 * the same names; one that is not there, or a file that cannot be read, is told like any other problem.
 */
export async function compilePolicyFile(
  file: string,
  { dataSource, library }: { readonly dataSource: DataSource; readonly library: PolicyLibrary },
  tell: (line: string) => void,
): Promise<CompiledPolicy | undefined> {
  let policy: Policy | undefined;
  try {
    policy = openPolicyFile(file, tell);
  } catch (error) {
    if (!(error instanceof UnreadableFileError)) throw error;
    tell(error.message);
  }
  if (policy === undefined) return undefined;
  const outside = policy.lists.filter((list) => !('entries' in list)).map(({ name }) => name);
  const [active] = await dataSource.query<{ lists: Readonly<Record<string, string>> }[]>(
    `SELECT lists FROM policy_version WHERE state = 'active'`,
  );
  const known = active?.lists ?? {};
  const missing = outside.filter((name) => known[name] === undefined);
  for (const name of missing)
    tell(`${file}: erro: lists[${name}]: a versão em vigor não tem uma lista com esse nome`);
  if (missing.length > 0) return undefined;
  return library.compileWith(policy, Object.fromEntries(outside.map((name) => [name, known[name] ?? ''])));
}
