import { Inject, Injectable } from '@nestjs/common';
import { SAO_PAULO, showPercent, showReais, type Clock } from '../kernel';
import { CLOCK, SETTINGS, type Settings } from '../platform';
import type { FittedBid } from './domain/decide';

/**
 * One plain line per auction for whoever watches the terminal. Standard output belongs to people only when the
 * structured log goes to a file; otherwise nothing is written.
 */
@Injectable()
export class AuctionLines {
  readonly #enabled: boolean;

  constructor(
    @Inject(SETTINGS) settings: Settings,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {
    this.#enabled = settings.ARREMATE_LOG_FILE !== undefined;
  }

  declined(auction: string, reasonCodes: readonly string[]): void {
    this.#line(auction, 'declined', reasonCodes.join(', '));
  }

  bid(auction: string, bid: FittedBid, elapsedMs: number, leftMs: number): void {
    const terms = `${showReais(bid.disbursedIssueAmount)} in ${bid.numberOfInstallments} x ${showReais(bid.installmentFaceValue)}`;
    const timing = `${elapsedMs} ms after receipt, ${(leftMs / 1000).toFixed(1)} s before the limit`;
    this.#line(auction, 'bid', `${showPercent(bid.monthlyInterestRate)} a.m., ${terms} (${timing})`);
  }

  notBid(auction: string, status: 'missed' | 'rejected' | 'unknown' | 'parked', why: string): void {
    this.#line(auction, status, why);
  }

  outcome(auction: string, outcome: 'won' | 'lost', rankPosition: number | undefined): void {
    this.#line(auction, outcome, rankPosition === undefined ? '' : `rank ${rankPosition}`);
  }

  #line(auction: string, event: string, detail: string): void {
    if (!this.#enabled) return;
    const time = this.clock.now().toLocaleTimeString('pt-BR', { timeZone: SAO_PAULO });
    process.stdout.write(`${time}  auction ${auction.slice(0, 8)}  ${event.padEnd(8)}  ${detail}\n`);
  }
}
