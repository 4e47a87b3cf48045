import { existsSync, renameSync } from 'node:fs';
import { HOUR_MS } from '../../src/kernel';
import { federalPayrollPlanSchema } from '../../sandbox/federal-payroll/federal-payroll-plan';
import { fgtsPlanSchema } from '../../sandbox/fgts/fgts-plan';
import { Random } from '../../sandbox/random';
import type { Settings } from '../../src/platform';
import type { LogBook } from './log-book';
import { DatabaseNetwork } from './database-network';
import { inject, CALM } from './fault-injector';
import { drawFaults, drawRestore, drawRollout, type Fault } from './faults';
import type { Finding } from './auditor';
import { Analyst } from './analyst';
import { Auditor } from './auditor';
import { Clerk } from './clerk';
import { CreditTeam } from './credit-team';
import { MadeAgain } from './made-again';
import { openMarket } from './market';
import { Partner } from './partner';
import type { LifePlan } from './plan';
import { Scheduler } from './scheduler';
import type { SimulatedDatabase } from './simulated-database';
import { SimulatedProcess, type ProcessPace } from './simulated-process';
import { SimulatedQi } from './simulated-qi';

export interface LifeResult {
  /** Of the plan's rounds: none is begun after a finding. */
  readonly playedRounds: number;
  readonly simulatedMs: number;
  /** Of it, rest between the rounds. */
  readonly restedMs: number;
  readonly findings: readonly Finding[];
  readonly faults: readonly Fault[];
  readonly traceHash: string;
  /** The same after each round. */
  readonly roundHashes: readonly string[];
  readonly traceTail: readonly string[];
  readonly counts: Readonly<Record<string, number>>;
}

const PROCESSES = 2;
const ANCHORS_ASIDE_AFTER_MS = 45_000;
const LOOK_AGAIN_MS = 11_000;
/** So many requests come when faults are over, this long after whoever stood still is awake, where a calm is so long. */
const CALM_REQUESTS = 5;
const CALM_REQUESTS_MS = [15_000, 45_000] as const;
const HTTP_PATIENCE_MS = 10_000;
const RESTART_MS = [300, 15_000] as const;

/** One life of the whole service: its processes, its database, QI and the market, from a seed. */
export class Life {
  readonly scheduler: Scheduler;
  readonly #random: Random;
  readonly #network: DatabaseNetwork;
  readonly #qi: SimulatedQi;
  readonly #processes: (SimulatedProcess | undefined)[] = [];
  readonly #faults: Fault[] = [];
  readonly #findings: Finding[] = [];
  readonly #auditor: Auditor;
  readonly #clerk: Clerk;
  readonly #analyst: Analyst;
  readonly #creditTeam: CreditTeam;
  readonly #partner: Partner;
  readonly #begun: number;
  #restedMs = 0;
  #pace: ProcessPace = 'usual';
  #started = 0;
  #crashes = 0;

  constructor(
    private readonly plan: LifePlan,
    private readonly database: SimulatedDatabase,
    private readonly settings: Settings,
    private readonly log: LogBook,
    scheduler: Scheduler,
  ) {
    const [seed = 0] = plan.seeds;
    this.scheduler = scheduler;
    this.#begun = scheduler.now;
    this.#random = new Random(seed, 'life');
    this.#network = new DatabaseNetwork(
      this.scheduler,
      new Random(seed, 'the network to the database'),
      database.admin,
      (owner) => (owner instanceof SimulatedProcess ? owner.weather : OPEN),
    );
    const { business_days_only: hasHours } = settings.engine.origination.federal_payroll;
    this.#qi = new SimulatedQi(this.scheduler, seed, behaviourOf(hasHours));
    this.#qi.doors = { knock: (body) => this.#knock(body) };
    const anyProcess = (): SimulatedProcess | undefined => {
      const process = this.#processes[this.#random.integer(0, PROCESSES - 1)];
      return process?.isReady === true ? process : undefined;
    };
    const lookAtQi = (controlKey: string): string | undefined =>
      this.#qi.sandbox.debts.all().find((debt) => debt.requesterIdentifierKey === controlKey)?.key;
    this.#clerk = new Clerk(seed, scheduler, database.admin, anyProcess, lookAtQi, (product, plan) => {
      if (product === 'fgts') this.#qi.sandbox.fgts.plans.set(fgtsPlanSchema.parse(plan));
      else this.#qi.sandbox.federalPayroll.plans.set(federalPayrollPlanSchema.parse(plan));
    });
    this.#analyst = new Analyst(seed, scheduler, anyProcess);
    const livesForDays = plan.pace.restHours.length > 0;
    this.#creditTeam = new CreditTeam(seed, scheduler, database.admin, anyProcess, livesForDays);
    this.#partner = new Partner(new Random(seed, 'partner'), scheduler);
    this.#auditor = new Auditor(
      database.admin,
      this.#qi,
      this.scheduler,
      log,
      this.#clerk,
      this.#creditTeam,
      this.#partner,
      settings.engine.operation.undo_window_seconds * 1_000,
    );
  }

  get network(): DatabaseNetwork {
    return this.#network;
  }

  /** One process, in a world in which nothing happens. */
  async startOne(): Promise<SimulatedProcess> {
    await this.scheduler.runWhile(this.#start(0), 'the start');
    const [process] = this.#processes;
    if (process === undefined) throw new Error('it did not start');
    return process;
  }

  async play(): Promise<LifeResult> {
    for (let place = 0; place < PROCESSES; place += 1) {
      await this.scheduler.runWhile(this.#start(place), 'the first start');
    }
    const [first] = this.#processes;
    if (first !== undefined)
      await this.scheduler.runWhile(
        first.within(() => this.#partner.subscribe(first)),
        'what the partner asks for',
      );
    this.#creditTeam.watch();
    const { seeds, pace } = this.plan;
    const roundHashes: string[] = [];
    for (const [round, seed] of seeds.entries()) {
      if (this.#findings.length > 0) break;
      if (round > 0) await this.#rest(new Random(seed, 'rest'));
      await this.#playRound(seed);
      roundHashes.push(this.scheduler.traceHash);
    }
    const playedRounds = roundHashes.length;
    if (this.#findings.length === 0) {
      await this.scheduler.runUntil(this.scheduler.now + pace.lastCalm);
      const ended = await this.#whatStays(() => this.#auditor.atTheEnd());
      this.#findings.push(...(ended.length > 0 ? ended : await this.#madeAgain()));
    }
    for (const process of this.#processes) await process?.kill();
    return {
      findings: this.#findings,
      playedRounds,
      simulatedMs: this.scheduler.now - this.#begun,
      restedMs: this.#restedMs,
      faults: this.#faults,
      traceHash: this.scheduler.traceHash,
      roundHashes,
      traceTail: this.scheduler.traceTail,
      counts: { ...this.#counts(playedRounds), ...(await this.#auditor.ends()) },
    };
  }

  async #playRound(seed: number): Promise<void> {
    const begun = this.scheduler.now;
    const { pace } = this.plan;
    openMarket(this.#qi, new Random(seed, 'market'), this.scheduler, pace);
    this.#clerk.openProposals(new Random(seed, 'people'), pace.mostProposals, pace.busy);
    this.#clerk.workUntil(begun + pace.busy);
    this.#creditTeam.workUntil(begun + pace.busy);
    this.#analyst.workUntil(begun + pace.busy);
    this.#partner.isTroubled = true;
    const { kinds, onlyFaults } = this.plan;
    const faults = [
      ...drawFaults(
        new Random(seed, 'faults'),
        { beginsMs: 0, forMs: pace.busy },
        { processes: PROCESSES, most: pace.mostFaults, seed, kinds },
      ),
      ...drawRollout(new Random(seed, 'rollout'), pace.busy, { processes: PROCESSES, seed, kinds }),
      ...drawRestore(new Random(seed, 'restore'), pace.busy, { seed, kinds }),
    ].filter(({ name }) => onlyFaults?.has(name) !== false);
    this.#faults.push(...faults);
    for (const fault of faults) this.scheduler.alone(fault.atMs, undefined, () => inject(this.#scene, fault));
    await this.scheduler.runUntil(begun + pace.busy);
    this.#calmDown();
    if (pace.calm >= CALM_REQUESTS_MS[1]) this.#openInCalm(new Random(seed, 'calm'));
    await this.scheduler.runUntil(this.#somebodyIsAwake() + pace.calm);
    this.#findings.push(...(await this.#whatStays(() => this.#auditor.afterCalm())));
  }

  #openInCalm(random: Random): void {
    const from = this.#somebodyIsAwake() - this.scheduler.now;
    for (let left = CALM_REQUESTS; left > 0; left -= 1)
      this.scheduler.after(from + random.integer(...CALM_REQUESTS_MS), undefined, () => {
        this.#auditor.calmRequests.add(this.#qi.sandbox.openAuction({ window_seconds: 30 }).key);
      });
  }

  /** Hours in which nobody asks for anything, if the pace has any. */
  async #rest(random: Random): Promise<void> {
    const [first, ...more] = this.plan.pace.restHours;
    if (first === undefined) return;
    const begun = this.scheduler.now;
    this.#creditTeam.rest();
    await this.#rollOut('resting');
    await this.scheduler.runUntil(begun + random.pick([first, ...more]) * HOUR_MS);
    await this.#rollOut('usual');
    this.#creditTeam.watch();
    this.#restedMs += this.scheduler.now - begun;
  }

  /** All processes end what they have in hand and stop; then others take their places. */
  async #rollOut(pace: ProcessPace): Promise<void> {
    this.#pace = pace;
    while (this.#processes.some((one) => !isAwake(one, this.scheduler.now)))
      await this.scheduler.runUntil(this.scheduler.now + LOOK_AGAIN_MS);
    for (const process of this.#processes) {
      if (process === undefined) continue;
      await this.scheduler.runWhile(process.stop(), 'a stop');
      await process.kill();
    }
    for (const place of this.#processes.keys())
      await this.scheduler.runWhile(this.#start(place), 'a start after a stop');
  }

  async #madeAgain(): Promise<readonly Finding[]> {
    const process = this.#processes.find((one) => one?.isReady === true);
    if (process === undefined) throw new Error('no process runs after the last calm');
    const again = new MadeAgain(this.database.admin, this.scheduler, process);
    const { ARREMATE_ENCRYPTION_KEY: keys, ARREMATE_AUDIT_ANCHOR_FILE: anchors } = this.settings;
    return [
      ...(await again.decisions()),
      ...(await again.figures(this.log)),
      ...(await again.auditTrail(keys, anchors)),
      // Nobody erases by itself while hours are short.
      ...(this.#restedMs === 0 ? [] : await again.leftovers()),
    ];
  }

  /** What is only being done at this very moment is no finding. */
  async #whatStays(look: () => Promise<readonly Finding[]>): Promise<readonly Finding[]> {
    const first = await look();
    if (first.length === 0) return first;
    await this.scheduler.runUntil(this.scheduler.now + LOOK_AGAIN_MS);
    const again = new Set((await look()).map(({ what }) => what));
    return first.filter(({ what }) => again.has(what));
  }

  /** Faults are over; statements that were to be lost are not any more. */
  #calmDown(): void {
    this.#qi.isRefusing = false;
    this.#qi.sandbox.changeBehaviour(CALM);
    this.#partner.isTroubled = false;
    for (const process of this.#processes) {
      if (process === undefined) continue;
      process.weather.planned.length = 0;
      process.weather.slowMs = 0;
      process.weather.way = 'open';
      process.clockAheadMs = 0;
      this.#network.heal(process);
    }
  }

  /** A pause lasts into the calm: the others must do what it left. Where all stand still nobody can, and nothing is asked. */
  #somebodyIsAwake(): number {
    const wakes = this.#processes.map((process) => process?.standsStillUntil ?? 0);
    return Math.max(this.scheduler.now, Math.min(...wakes));
  }

  get #scene() {
    return {
      scheduler: this.scheduler,
      network: this.#network,
      qi: this.#qi,
      processAt: (place: number) => this.#processes[place],
      crash: (process: SimulatedProcess) => this.#crash(process),
      crashAll: () => this.#crashAll(),
      rollOut: (process: SimulatedProcess) => {
        this.#rollOutOne(process);
      },
      database: this.database,
      hasLost: (from: number, to: number) => {
        this.#auditor.lost.push({ from, to });
        this.#clerk.databaseWasPutBack();
        this.#creditTeam.databaseWasPutBack();
        this.#putAnchorsAside();
      },
    };
  }

  async #crash(process: SimulatedProcess): Promise<void> {
    if (process.isDead) return;
    this.#crashes += 1;
    await this.#replace(process);
  }

  /** Ended when it has stopped, or when it has not for as long as it may take. */
  #rollOutOne(process: SimulatedProcess): void {
    if (!process.isReady) return;
    const end = (ms: number): void => {
      this.scheduler.alone(ms, undefined, () => (process.isDead ? undefined : this.#replace(process)));
    };
    end(this.settings.engine.instance.drain_ms);
    const failed = (error: unknown): void => {
      this.scheduler.trace(`a stop failed: ${error instanceof Error ? error.message : 'unknown'}`);
    };
    void process
      .stop()
      .catch(failed)
      .then(() => {
        end(0);
      });
  }

  async #replace(process: SimulatedProcess): Promise<void> {
    const place = this.#processes.indexOf(process);
    await process.kill();
    this.#processes[place] = undefined;
    const [least, most] = RESTART_MS;
    this.scheduler.after(this.#random.integer(least, most), undefined, () => void this.#startAgain(place));
  }

  async #crashAll(): Promise<void> {
    for (const process of this.#processes) if (process !== undefined) await this.#crash(process);
  }

  /** As the runbook of a restore has it: what was anchored since the copy is not in the trail any more. */
  #putAnchorsAside(): void {
    const { ARREMATE_AUDIT_ANCHOR_FILE: file } = this.settings;
    this.scheduler.after(ANCHORS_ASIDE_AFTER_MS, undefined, () => {
      if (existsSync(file)) renameSync(file, `${file}.${this.scheduler.now}`);
    });
  }

  /** As whatever watches over processes does: until it runs. */
  async #startAgain(place: number): Promise<void> {
    try {
      await this.#start(place);
    } catch (error) {
      this.scheduler.trace(`a start failed: ${error instanceof Error ? error.message : 'unknown'}`);
      await this.#processes[place]?.kill();
      this.#processes[place] = undefined;
      await this.scheduler.wait(1_000);
      await this.#startAgain(place);
    }
  }

  #start(place: number): Promise<void> {
    this.#started += 1;
    const process = new SimulatedProcess(`process ${place}.${this.#started}`, {
      scheduler: this.scheduler,
      network: this.#network,
      qi: this.#qi,
      partner: this.#partner,
      settings: {
        ...this.settings,
        ARREMATE_RECOVERY_FILE: `${this.settings.ARREMATE_RECOVERY_FILE}.${place}`,
      },
      logger: this.log.logger,
      pace: this.#pace,
    });
    this.#processes[place] = process;
    return process.start();
  }

  /** QI's call at one of our doors. */
  async #knock(body: Buffer): Promise<number | string> {
    const process = this.#processes[this.#random.integer(0, PROCESSES - 1)];
    if (process?.isReady !== true) return 'ECONNREFUSED';
    return new Promise((resolve) => {
      const timer = this.scheduler.after(HTTP_PATIENCE_MS, undefined, () => {
        resolve('ETIMEDOUT');
      });
      const answer = (status: number): void => {
        timer.cancel();
        this.scheduler.after(1, undefined, () => {
          resolve(status);
        });
      };
      this.scheduler.after(
        0,
        process,
        () =>
          void process.receive(body).then(answer, () => {
            answer(500);
          }),
      );
    });
  }

  #counts(rounds: number): Record<string, number> {
    return {
      rounds,
      webhooks: this.#qi.deliveries.length,
      statements: this.#network.statements,
      crashes: this.#crashes,
      auctions: this.#qi.sandbox.auctions.opened,
      calls: this.#qi.calls,
    };
  }
}

function isAwake(process: SimulatedProcess | undefined, now: number): boolean {
  return process?.isReady === true && process.standsStillUntil <= now;
}

const OPEN = { way: 'open' as const, slowMs: 0, planned: [] };

/**
 * Requests live for minutes, so that their ends are seen; loans take their steps while more goes wrong. QI ends what nobody
 * signs: in rests of months nobody works through the queue.
 */
const behaviourOf = (hasHours: boolean) =>
  ({
    pace: { auctions_per_minute: 0, window_seconds: 30, step_seconds: 6, request_lives_seconds: 150 },
    webhooks: {
      retries: 4,
      retry_after_seconds: 10,
      duplicate_rate: 0.1,
      delay_rate: 0.1,
      reorder_rate: 0.05,
    },
    rivals: { presence: 0.6 },
    contract: {
      unsigned_ends: 'canceled_permanently',
      federal_payroll: { servants: 'everybody', hours: hasHours ? 'enforced' : 'always' },
    },
  }) as const;
