import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Injectable } from '@nestjs/common';
import { compilePolicy, parsePolicy, type CompiledPolicy } from './domain';

/** A policy file that does not validate: the start stops and says where. */
export class PolicyFileError extends Error {
  override readonly name = 'PolicyFileError';
}

export interface ActivePolicyVersion {
  readonly version: string;
  readonly compiled: CompiledPolicy;
}

/** The policy that decides now. */
@Injectable()
export class ActivePolicy {
  readonly #active: ActivePolicyVersion;

  constructor() {
    this.#active = {
      version: '1',
      compiled: readPolicyFile(join(process.cwd(), 'config', 'policies', 'default.json')),
    };
  }

  current(): ActivePolicyVersion {
    return this.#active;
  }

  /** The version of this address, for an auction that began under it; undefined when it is not at hand. */
  byHash(hash: string): ActivePolicyVersion | undefined {
    return this.#active.compiled.hash === hash ? this.#active : undefined;
  }
}

/** @throws PolicyFileError with every problem of the file. */
function readPolicyFile(file: string): CompiledPolicy {
  const parsed = parsePolicy(JSON.parse(readFileSync(file, 'utf8')));
  if (parsed.kind === 'ok') return compilePolicy(parsed.policy);
  const problems = parsed.problems.map(({ path, message }) => `  - ${path}: ${message}`);
  throw new PolicyFileError(`${file} is not a valid policy:\n${problems.join('\n')}`);
}
