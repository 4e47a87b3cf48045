import { Injectable } from '@nestjs/common';
import { showPercent, showReais } from '../../kernel';
import { Terminal } from '../../platform';
import type { FittedBid } from '../../decision/domain';

/** What the terminal says of an auction. */
@Injectable()
export class AuctionLines {
  constructor(private readonly terminal: Terminal) {}

  declined(auction: string, reasonCodes: readonly string[]): void {
    this.terminal.line('auction', auction, 'declined', reasonCodes.join(', '));
  }

  bid(auction: string, bid: FittedBid, elapsedMs: number, leftMs: number): void {
    const rate = `${showPercent(bid.monthlyInterestRate)} a.m.`;
    const terms = `${showReais(bid.disbursedIssueAmount)} in ${bid.numberOfInstallments} x ${showReais(bid.installmentFaceValue)}`;
    const timing = `${elapsedMs} ms after receipt, ${(leftMs / 1000).toFixed(1)} s before the limit`;
    this.terminal.line('auction', auction, 'bid', `${rate}, ${terms} (${timing})`);
  }

  notBid(auction: string, status: 'missed' | 'rejected' | 'unknown' | 'parked', why: string): void {
    this.terminal.line('auction', auction, status, why);
  }

  outcome(auction: string, outcome: 'won' | 'lost', rankPosition: number | undefined): void {
    this.terminal.line('auction', auction, outcome, rankPosition === undefined ? '' : `rank ${rankPosition}`);
  }
}
