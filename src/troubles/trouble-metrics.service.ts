import { Inject, Injectable } from '@nestjs/common';
import { Gauge, type Registry } from 'prom-client';
import { METRICS } from '../platform';
import { TROUBLE_KINDS, TROUBLE_SEVERITIES } from './domain';
import { Troubles } from './troubles.service';

/** What is wrong now, for Prometheus: every kind is there, so that a rule knows what it waits for. */
@Injectable()
export class TroubleMetrics {
  constructor(troubles: Troubles, @Inject(METRICS) metrics: Registry) {
    new Gauge({
      name: 'arremate_trouble',
      help: '1 while this is wrong, by kind and severity (GET /api/v1/troubles)',
      labelNames: ['kind', 'severity'],
      registers: [metrics],
      async collect() {
        const current = await troubles.current();
        for (const kind of TROUBLE_KINDS)
          for (const severity of TROUBLE_SEVERITIES) {
            const isWrong = current.some((trouble) => trouble.kind === kind && trouble.severity === severity);
            this.set({ kind, severity }, isWrong ? 1 : 0);
          }
      },
    });
  }
}
