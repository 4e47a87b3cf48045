import { Injectable } from '@nestjs/common';
import { showPercent, showReais } from '../../kernel';
import { Terminal } from '../../platform';
import type { FittedBid } from '../../decision/domain';
import { inSentence, reasonWord, STATUS_REASON, wordOf } from '../../words';

/** What the terminal says of an auction. */
@Injectable()
export class TerminalLines {
  constructor(private readonly terminal: Terminal) {}

  declined(auction: string, reasonCodes: readonly string[]): void {
    const pt = reasonCodes.map((code) => inSentence(reasonWord(code))).join(', ');
    this.terminal.line('auction', auction, 'declined', { en: reasonCodes.join(', '), pt });
  }

  bid(auction: string, bid: FittedBid, elapsedMs: number, leftMs: number): void {
    const rate = `${showPercent(bid.monthlyInterestRate)} a.m.`;
    const amount = showReais(bid.disbursedIssueAmount);
    const installments = `${bid.numberOfInstallments} x ${showReais(bid.installmentFaceValue)}`;
    const left = (leftMs / 1000).toFixed(1);
    this.terminal.line('auction', auction, 'bid', {
      en: `${rate}, ${amount} in ${installments} (${elapsedMs} ms after receipt, ${left} s before the limit)`,
      pt: `${rate}, ${amount} em ${installments} (${elapsedMs} ms após o recebimento, ${left.replace('.', ',')} s antes do encerramento)`,
    });
  }

  notBid(auction: string, status: 'missed' | 'rejected' | 'unknown' | 'parked', why: string): void {
    this.terminal.line('auction', auction, status, { en: why, pt: wordOf(STATUS_REASON, why) });
  }

  outcome(auction: string, outcome: 'won' | 'lost', rankPosition: number | undefined): void {
    const said = rankPosition !== undefined && { en: `rank ${rankPosition}`, pt: `${rankPosition}º lugar` };
    this.terminal.line('auction', auction, outcome, said || undefined);
  }
}
