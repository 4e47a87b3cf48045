import { Inject, Injectable } from '@nestjs/common';
import {
  BrokenCircuitError,
  CircuitState,
  ConsecutiveBreaker,
  circuitBreaker,
  handleWhenResult,
} from 'cockatiel';
import { Gauge, type Registry } from 'prom-client';
import type { Proposal, ProposalDesk, SubmissionAnswer } from '../auction';
import { LOGGER, METRICS, SETTINGS, type Logger, type SendingPermit, type Settings } from '../platform';
import { QiProposalDesk } from './qi-proposal-desk';

/**
 * Stops calling a QI that is down: after so many failures in a row every proposal is answered "not taken" at once,
 * until one trial call gets through. Nothing is lost by it: the caller repeats within its deadline.
 */
@Injectable()
export class BreakerProposalDesk implements ProposalDesk {
  readonly #policy;

  constructor(
    private readonly desk: QiProposalDesk,
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(LOGGER) logger: Logger,
    @Inject(METRICS) metrics: Registry,
  ) {
    const { breaker_failures, breaker_half_open_ms } = settings.engine.qi;
    this.#policy = circuitBreaker(handleWhenResult(isFailure), {
      halfOpenAfter: breaker_half_open_ms,
      breaker: new ConsecutiveBreaker(breaker_failures),
    });
    const open = new Gauge({
      name: 'arremate_qi_circuit_open',
      help: '1 while proposals are not sent because QI keeps failing',
      registers: [metrics],
    });
    this.#policy.onStateChange((state) => {
      open.set(state === CircuitState.Open ? 1 : 0);
      logger.warn({ state: CircuitState[state] }, "QI's circuit changed");
    });
  }

  async submit(proposal: Proposal, permit: SendingPermit): Promise<SubmissionAnswer> {
    let isRefused = false;
    const noticed: SendingPermit = {
      until: permit.until,
      refusal: () => {
        const why = permit.refusal();
        isRefused ||= why !== undefined;
        return why;
      },
    };
    try {
      const { answer } = await this.#policy.execute(async () => ({
        answer: await this.desk.submit(proposal, noticed),
        isRefused,
      }));
      return answer;
    } catch (error) {
      if (!(error instanceof BrokenCircuitError)) throw error;
      const retryAfterMs = this.settings.engine.qi.breaker_half_open_ms;
      return { kind: 'not_taken', why: 'circuit_open', httpStatus: undefined, retryAfterMs, body: '' };
    }
  }
}

/**
 * QI's refusal is an answer: QI is there and well. The permit's says nothing of QI. A 429 counts: QI asks for less, and when
 * several in a row do, all that wait give it the pause that one alone would.
 */
function isFailure(result: unknown): boolean {
  const { answer, isRefused } = result as { readonly answer: SubmissionAnswer; readonly isRefused: boolean };
  if (isRefused) return false;
  const { kind } = answer;
  return kind === 'server_error' || kind === 'no_answer' || kind === 'not_taken';
}
