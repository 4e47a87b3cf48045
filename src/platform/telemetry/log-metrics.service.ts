import { Inject, Injectable } from '@nestjs/common';
import { Gauge, type Registry } from 'prom-client';
import { LOGGER, outputOf, type Logger } from './logger';
import { METRICS } from './metrics';

/** Whether the log is written, for Prometheus: the log itself cannot say so. */
@Injectable()
export class LogMetrics {
  constructor(@Inject(LOGGER) logger: Logger, @Inject(METRICS) metrics: Registry) {
    new Gauge({
      name: 'arremate_log_unwritten_seconds',
      help: 'For how long the log has taken none of the lines that wait for it; 0 while none waits',
      registers: [metrics],
      collect() {
        this.set(outputOf(logger)?.unwrittenSeconds ?? 0);
      },
    });
  }
}
