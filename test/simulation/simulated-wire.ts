import type { QiCall, QiClient } from '../../src/qi/qi-client';
import type { QiExchange, QiMessages, QiRequest, WrittenRequest } from '../../src/qi/qi-message';
import type { ProposalWire } from '../../src/qi/proposal-wire';
import { NO_PATH } from '../../src/qi/qi-message';
import type { Clock } from '../../src/kernel';
import type { SendingPermit } from '../../src/platform';
import type { SimulatedOwner } from './replaced-runtime';
import type { Scheduler } from './scheduler';
import type { Reply, SimulatedQi } from './simulated-qi';

const LONGEST_CALL_MS = 180_000;
const CONNECT_MS = [1, 8] as const;

type Public<T> = { [K in keyof T]: T[K] };

/**
 * The two wires to QI in the place of HTTP: the same bytes go out, and what comes back is read by the same code; between
 * them stands the simulated network.
 */
export class SimulatedWire implements Pick<Public<QiClient>, 'exchange'>, Pick<Public<ProposalWire>, 'post'> {
  constructor(
    private readonly scheduler: Scheduler,
    private readonly qi: SimulatedQi,
    private readonly owner: SimulatedOwner,
    private readonly messages: QiMessages,
    private readonly clock: Clock,
  ) {}

  async exchange(call: QiCall): Promise<QiExchange> {
    return this.#converse(
      call,
      () => Math.min(call.timeoutMs, LONGEST_CALL_MS),
      call.refusal ?? (() => undefined),
    );
  }

  async post(request: QiRequest, permit: SendingPermit): Promise<QiExchange> {
    return this.#converse(
      request,
      () => Math.min(permit.until.getTime() - this.clock.now().getTime(), LONGEST_CALL_MS),
      () => permit.refusal(),
    );
  }

  async #converse(
    request: QiRequest,
    leftMs: () => number,
    refusalToSend: () => string | undefined,
  ): Promise<QiExchange> {
    const written = await this.messages.write(request);
    if (written === undefined) return { kind: 'not_sent', why: NO_PATH };
    if (!(leftMs() >= 1)) return { kind: 'not_sent', why: 'too_late_to_send' };
    await this.scheduler.wait(this.qi.draw(CONNECT_MS), this.owner);
    if (this.qi.isRefusing) return { kind: 'not_sent', why: 'ECONNREFUSED' };
    const refusal = refusalToSend();
    if (refusal !== undefined) return { kind: 'not_sent', why: refusal };
    const ms = leftMs();
    if (!(ms >= 1)) return { kind: 'not_sent', why: 'too_late_to_send' };
    const reply = await this.#replyWithin(ms, written);
    if ('why' in reply) return { kind: 'no_answer', why: reply.why };
    const headers = reply.retryAfter === undefined ? {} : { 'retry-after': reply.retryAfter };
    return this.messages.read(written, { httpStatus: reply.status, headers, text: reply.text });
  }

  #replyWithin(ms: number, written: WrittenRequest): Promise<Reply> {
    return new Promise((resolve) => {
      const timer = this.scheduler.after(ms, this.owner, () => {
        resolve({ why: `no answer within ${ms} ms` });
      });
      this.qi.hear(written, this.owner, (reply) => {
        timer.cancel();
        resolve(reply);
      });
    });
  }
}
