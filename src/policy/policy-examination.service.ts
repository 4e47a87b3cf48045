import { join } from 'node:path';
import { Inject, Injectable } from '@nestjs/common';
import { calendarDateAt, parseJson, showDate, type CalendarDate, type Clock } from '../kernel';
import { CLOCK, inTurns } from '../platform';
import {
  checkPolicy,
  parsePolicyInSteps,
  runPolicyTests,
  type CompiledPolicy,
  type PolicyFinding,
  type PolicyTestResult,
} from './domain';
import { COST_CHECK, FLOOR_CHECK, type CostCheck, type FloorCheck, type RowCostView } from './ports';
import { PolicyLibrary, type StoredPolicy } from './policy-library.service';
import type { Sql } from './policy-lists.service';
import type { Obstacle } from './policy-refusal';
import { findVersion, type PolicyState } from './policy-row';
import { loadReferenceData } from './reference-data';

/** What a reviewer sees of a version besides its content. */
export interface Examination {
  readonly findings: readonly PolicyFinding[];
  readonly tests: readonly PolicyTestResult[];
  /** What its rows of prices cost today. */
  readonly costs: readonly RowCostView[];
}

export interface SoughtVersion {
  readonly number: number;
  readonly from: readonly PolicyState[];
  /** A day to come on which it is to begin. */
  readonly on?: CalendarDate;
}

/** What stands in the way of a version, and the content of which that is said. */
interface FoundObstacles {
  readonly hash: string;
  readonly obstacles: readonly Obstacle[];
}

/** Looks at a version with the eyes of a day, today if none is named: static checks, and the test cases it carries. */
@Injectable()
export class PolicyExaminer {
  readonly reference = loadReferenceData(join(process.cwd(), 'config'));

  constructor(
    private readonly library: PolicyLibrary,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(FLOOR_CHECK) private readonly floors: FloorCheck,
    @Inject(COST_CHECK) private readonly costs: CostCheck,
  ) {}

  async examine(compiled: CompiledPolicy, on = calendarDateAt(this.clock.now())): Promise<Examination> {
    const { policy, learning } = compiled;
    const { costs, findings } = await inTurns(this.costs(compiled, on));
    return {
      findings: [
        ...(await inTurns(checkPolicy(policy, this.reference, on))),
        ...(learning === undefined ? [] : this.floors(learning, on)),
        ...findings,
      ],
      costs,
      tests: runPolicyTests(compiled),
    };
  }

  /**
   * What is stored, with the eyes of that day too. What a document may not say any more is an error, and says why nothing else
   * of it is looked at: it may be what cannot be priced.
   * @throws UnreadablePolicyError when it cannot be read at all
   */
  async examineStored(
    stored: StoredPolicy,
    on?: CalendarDate,
  ): Promise<Examination & { readonly hash: string }> {
    const compiled = await this.library.compile(stored);
    const { hash } = compiled;
    const findings = await outgrown(stored);
    if (findings.length > 0) return { hash, findings, costs: [], tests: runPolicyTests(compiled) };
    return { hash, ...(await this.examine(compiled, on)) };
  }

  /**
   * Asked before anything is locked, and held against the locked row by its hash: of thousands of rows it takes seconds, for
   * which others would wait, and a transaction that says nothing for so long is ended.
   * @returns undefined when there is no such version in any of these states
   */
  async obstaclesOf(sql: Sql, { number, from, on }: SoughtVersion): Promise<FoundObstacles | undefined> {
    const row = await findVersion(sql, number);
    if (row === undefined || !from.includes(row.state)) return undefined;
    const present = await this.#obstacles(row);
    const toCome = on === undefined ? [] : await this.#obstaclesToCome(row, on, present);
    return { hash: row.hash, obstacles: [...present, ...toCome] };
  }

  /** What stands in its way on a day to come, and not yet: caps are dated. */
  async #obstaclesToCome(
    row: StoredPolicy,
    on: CalendarDate,
    present: readonly Obstacle[],
  ): Promise<readonly Obstacle[]> {
    if (on <= calendarDateAt(this.clock.now())) return [];
    const obstacles = await this.#obstacles(row, on);
    return obstacles
      .filter(({ path, message }) => !present.some((one) => one.path === path && one.message === message))
      .map((obstacle) => ({ ...obstacle, message: `Em ${showDate(on)}: ${obstacle.message}` }));
  }

  /** Why this version may not decide about anybody; none: it may. Whatever goes wrong on the way is a reason. */
  async #obstacles(stored: StoredPolicy, on?: CalendarDate): Promise<readonly Obstacle[]> {
    try {
      const { findings, tests } = await this.examineStored(stored, on);
      return [...findings.filter(isError).map(obstacleOf), ...tests.flatMap(failure)];
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      return [{ code: 'unreadable', path: '', message: `A versão não pode ser usada: ${message}` }];
    }
  }
}

async function outgrown({ document }: StoredPolicy): Promise<readonly PolicyFinding[]> {
  const parsed = await inTurns(parsePolicyInSteps(parseJson(document)));
  if (parsed.kind === 'ok') return [];
  return parsed.problems.map(({ path, message }) => ({ severity: 'error', path, message }));
}

const isError = ({ severity }: PolicyFinding): boolean => severity === 'error';
const obstacleOf = ({ path, message }: PolicyFinding): Obstacle => ({ code: 'finding', path, message });

function failure({ name, passed, expected, actual }: PolicyTestResult): readonly Obstacle[] {
  if (passed) return [];
  const words = ({ outcome, reasons, row }: PolicyTestResult['actual']): string =>
    [outcome, ...reasons, ...(row === undefined ? [] : [row])].join(' ');
  const message = `O caso de teste falha: esperado ${words(expected)}; obtido ${words(actual)}.`;
  return [{ code: 'test_case', path: `test_cases[${name}]`, message }];
}
