import { Inject, Injectable } from '@nestjs/common';
import type { Counter, Registry } from 'prom-client';
import { closedCounter, METRICS } from '../../platform';
import { UNBID_REASONS, type UnbidReason } from '../domain/status-reasons';

/** Counts auctions that ended before a bid was on its way, though QI asked for one. What became of bids is counted with them. */
@Injectable()
export class UnbidCount {
  readonly #unbid: Counter<'reason'>;

  constructor(@Inject(METRICS) metrics: Registry) {
    this.#unbid = closedCounter(metrics, {
      name: 'arremate_auctions_unbid_total',
      help: 'Auctions that ended before a bid was on its way, by reason',
      labels: { reason: UNBID_REASONS },
    });
  }

  add(reason: UnbidReason): void {
    this.#unbid.inc({ reason });
  }
}
