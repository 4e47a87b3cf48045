import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { Gauge, type Registry } from 'prom-client';
import { DataSource } from 'typeorm';
import { HouseClock } from './clock';
import { clockOffset, clockStep, isClockOff, type Reading } from '../domain';
import { InstanceRegistry, type ClockLook, type ClockStanding } from './instance-registry.service';
import { LOGGER, type Logger } from '../telemetry/logger';
import { METRICS } from '../telemetry/metrics';
import { ReadyDetails } from '../http/ready-details';
import { SETTINGS, type Settings } from '../settings';

/** A change of less is no step of a clock. */
const STEP_MS = 20;

/**
 * Holds this process's clock against the database's, which all processes share. Limits are judged by the first, so a
 * process whose clock is too far off must not judge them: it decides nothing until it is right again, and whatever else
 * it does meanwhile goes by the database's (HouseClock). Each heartbeat brings the database's time.
 */
@Injectable()
export class ClockWatch implements OnModuleInit {
  readonly #offset: Gauge;
  readonly #off: Gauge;
  #offsetMs = 0;
  #isOff = false;
  /** Our clocks when they were measured last. */
  #measured: Reading | undefined;

  constructor(
    private readonly dataSource: DataSource,
    private readonly instances: InstanceRegistry,
    private readonly readyDetails: ReadyDetails,
    private readonly house: HouseClock,
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(METRICS) metrics: Registry,
  ) {
    const metric = (name: string, help: string) => new Gauge({ name, help, registers: [metrics] });
    this.#offset = metric('arremate_clock_offset_seconds', "How far this clock is ahead of the database's");
    this.#off = metric('arremate_clock_off', '1 while this process decides nothing because its clock is off');
  }

  /** A clock that was set since it was measured is off at once: whoever waited for the next look would bid too late. */
  get isOff(): boolean {
    const stepMs = this.#stepMs();
    if (stepMs === 0) return this.#isOff;
    const offset = { offsetMs: this.#offsetMs + stepMs, uncertaintyMs: 0 };
    return this.#isOff || isClockOff(offset, this.settings.engine.clock.max_offset_ms, false);
  }

  /** Now, by the database's clock as it was last seen, however ours was set since. */
  databaseNow(): Date {
    return new Date(this.house.reading().wallMs - this.#offsetMs - this.#stepMs());
  }

  /** Before anything is decided. */
  async onModuleInit(): Promise<void> {
    const asked = this.house.reading();
    const [row] = await this.dataSource.query<{ now: Date }[]>(`SELECT clock_timestamp() AS now`);
    if (row === undefined) throw new Error("the database's clock could not be asked");
    this.#measure({ asked, answered: this.house.reading(), databaseMs: row.now.getTime() });
    this.readyDetails.add('clock', () => ({ off: this.#isOff ? 'yes' : null }));
    this.instances.judgeClockBy((look) => this.#measure(look));
  }

  /** By how much our clock was set since the last look. */
  #stepMs(): number {
    if (this.#measured === undefined) return 0;
    const stepMs = clockStep(this.#measured, this.house.reading());
    return Math.abs(stepMs) < STEP_MS ? 0 : stepMs;
  }

  #measure({ asked, answered, databaseMs }: ClockLook): ClockStanding {
    const offset = clockOffset(asked, answered, databaseMs);
    this.#measured = answered;
    this.#offsetMs = offset.offsetMs;
    this.#offset.set(offset.offsetMs / 1_000);
    const isOff = isClockOff(offset, this.settings.engine.clock.max_offset_ms, this.#isOff);
    const hasChanged = isOff !== this.#isOff;
    this.#isOff = isOff;
    this.house.correct(isOff ? offset.offsetMs : 0);
    this.#off.set(isOff ? 1 : 0);
    if (hasChanged) this.#tell();
    return { offsetMs: offset.offsetMs, decides: !isOff };
  }

  #tell(): void {
    const offset = { clock_offset_ms: Math.round(this.#offsetMs) };
    if (this.#isOff) this.logger.error(offset, 'the clock of this process is off: it decides nothing');
    else this.logger.info(offset, 'the clock of this process is right again: it decides');
  }
}
