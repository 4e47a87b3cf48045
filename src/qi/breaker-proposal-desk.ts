import { Inject, Injectable } from '@nestjs/common';
import { Gauge, type Registry } from 'prom-client';
import { foundNoTime, type Proposal, type ProposalDesk, type SubmissionAnswer } from '../auction';
import type { Clock } from '../kernel';
import {
  CLOCK,
  LOGGER,
  METRICS,
  SETTINGS,
  type Logger,
  type SendingPermit,
  type Settings,
} from '../platform';
import { QiProposalDesk } from './qi-proposal-desk';

/**
 * Stops calling a QI that is down: after so many failures in a row every proposal is answered "not taken" at once, but
 * for one trial call in each pause, until a trial gets an answer. Nobody waits for a trial under way, which may hang
 * until its own limit. Nothing is lost by it: the caller repeats within its deadline.
 */
@Injectable()
export class BreakerProposalDesk implements ProposalDesk {
  readonly #openGauge: Gauge;
  #failuresInARow = 0;
  /** While it is open: when the next call may try, by the monotonic clock. */
  #nextTrialMs = 0;

  constructor(
    private readonly desk: QiProposalDesk,
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(METRICS) metrics: Registry,
  ) {
    this.#openGauge = new Gauge({
      name: 'arremate_qi_circuit_open',
      help: '1 while proposals are not sent because QI keeps failing',
      registers: [metrics],
    });
  }

  async submit(proposal: Proposal, permit: SendingPermit): Promise<SubmissionAnswer> {
    const isTrial = this.#isOpen;
    if (isTrial) {
      const retryAfterMs = this.heldBackMs();
      if (retryAfterMs > 0)
        return { kind: 'not_taken', why: 'circuit_open', httpStatus: undefined, retryAfterMs, body: '' };
      this.#pause();
    }
    const gate = { hasRefused: false };
    const noticed: SendingPermit = {
      until: permit.until,
      refusal: () => {
        const why = permit.refusal();
        gate.hasRefused ||= why !== undefined;
        return why;
      },
    };
    const answer = await this.desk.submit(proposal, noticed);
    if (!gate.hasRefused && !foundNoTime(answer)) this.#hear(answer, isTrial);
    else if (isTrial) this.#nextTrialMs = this.clock.monotonicMs();
    return answer;
  }

  heldBackMs(): number {
    return this.#isOpen ? Math.max(0, this.#nextTrialMs - this.clock.monotonicMs()) : 0;
  }

  get #isOpen(): boolean {
    return this.#failuresInARow >= this.settings.engine.qi.breaker_failures;
  }

  /** What was sent before the circuit opened says nothing of QI since. */
  #hear(answer: SubmissionAnswer, isTrial: boolean): void {
    const wasOpen = this.#isOpen;
    if (wasOpen && !isTrial) return;
    this.#failuresInARow = isFailure(answer) ? this.#failuresInARow + 1 : 0;
    if (this.#isOpen === wasOpen) return;
    if (this.#isOpen) this.#pause();
    this.#openGauge.set(this.#isOpen ? 1 : 0);
    this.logger.warn({ is_open: this.#isOpen }, "QI's circuit changed");
  }

  #pause(): void {
    this.#nextTrialMs = this.clock.monotonicMs() + this.settings.engine.qi.breaker_half_open_ms;
  }
}

/**
 * QI's refusal of a bid is an answer: QI is there and well. One of its door counts, and a 429: QI asks for less, and when
 * several in a row do, all that wait give it the pause that one alone would.
 */
function isFailure({ kind }: SubmissionAnswer): boolean {
  return kind === 'server_error' || kind === 'no_answer' || kind === 'not_taken';
}
