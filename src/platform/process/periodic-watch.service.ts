import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { Gauge, type Registry } from 'prom-client';
import { LOGGER, type Logger } from '../telemetry/logger';
import { METRICS } from '../telemetry/metrics';
import { Periodic } from './periodic';
import { ReadyDetails } from '../http/ready-details';

const LOOK_EVERY_MS = 5_000;

/**
 * Says when something periodic is not done any more: once in the log when it becomes late and once when it is done
 * again; its age as a metric; the names of the late ones on /health/ready. The heartbeat takes them to the database, for alerts. A run that hangs and runs that only fail
 * look the same from here, and should: either way nothing is done. It needs no database itself, and is run by the
 * framework's scheduler, so that it does not share the fate of what it watches.
 */
@Injectable()
export class PeriodicWatch implements OnApplicationBootstrap {
  readonly #late = new Set<string>();

  constructor(
    private readonly readyDetails: ReadyDetails,
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(METRICS) metrics: Registry,
  ) {
    new Gauge({
      name: 'arremate_periodic_last_run_seconds',
      help: 'Seconds since each periodic job of this process last went well',
      labelNames: ['job'],
      registers: [metrics],
      collect() {
        this.reset();
        for (const job of Periodic.all()) this.set({ job: job.name }, Math.max(0, job.quietMs / 1_000));
      },
    });
    new Gauge({
      name: 'arremate_periodic_late',
      help: '1 for a periodic job of this process that has not gone well for too long',
      labelNames: ['job'],
      registers: [metrics],
      collect() {
        this.reset();
        for (const job of Periodic.all()) this.set({ job: job.name }, job.isLate ? 1 : 0);
      },
    });
  }

  onApplicationBootstrap(): void {
    this.readyDetails.add('periodic', () => ({ late: names().join(' ') || null }));
  }

  @Interval(LOOK_EVERY_MS)
  look(): void {
    const late = new Set(names());
    for (const job of late) {
      if (!this.#late.has(job)) this.logger.error({ job }, 'a periodic job is not done any more');
      this.#late.add(job);
    }
    for (const job of this.#late) {
      if (late.has(job)) continue;
      this.#late.delete(job);
      this.logger.info({ job }, 'a periodic job is done again');
    }
  }
}

const names = (): string[] => Periodic.late().map(({ name }) => name);
