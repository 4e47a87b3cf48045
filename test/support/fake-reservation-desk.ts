import { randomUUID } from 'node:crypto';
import type { CommandAnswer } from '../../src/commands';
import type { Decimal, JsonObject } from '../../src/kernel';
import type { CanceledLoan, ReservationDesk, ReversalCharge } from '../../src/operation';
import type { SendingPermit } from '../../src/platform';
import { readRecalculated } from '../../src/qi/read-debt';
import { readReversalCharge } from '../../src/qi/read-reversal';

/** As QI's public page prints it. */
const CHARGE = JSON.stringify({
  amount: '812.40',
  expiration_date: '2026-12-11',
  copy_paste_pix: '00020126930014br.gov.bcb.pix',
});

/** Lost: it took effect and we hear nothing; or the same, and nothing reaches QI any more; or it was lost on its way; or it is still on it. */
type PlannedAnswer = CommandAnswer | 'lost' | 'last_before_down' | 'lost_untaken' | 'lost_late';

/**
 * QI's counter, kept in memory: knows what it has been told and answers as it is told to.
 * Commands that take effect are counted even when their answer is lost.
 */
export class FakeReservationDesk implements ReservationDesk {
  readonly calls: { readonly action: string; readonly key: string; readonly body?: JsonObject }[] = [];
  /** Answers to give instead of the usual one, first come first served, by action. */
  readonly planned = new Map<string, PlannedAnswer[]>();
  /** Commands that took effect, answered or not. */
  readonly effects: { readonly action: string; readonly key: string }[] = [];
  /** While set, nothing reaches QI. */
  isDown = false;
  /** While set, charges are looked up in vain. */
  isBlind = false;
  readonly #reservations = new Map<string, string>();
  readonly #reversals = new Set<string>();
  delayMs = 0;
  /** After its answer was lost a late command takes effect when it has been looked up so often. */
  lateAfterInquiries = 2;
  #late: { inquiries: number; readonly takeEffect: () => void } | undefined;
  /** Until then no connection for a command is ready. */
  connecting: Promise<void> = Promise.resolve();
  /** What permits said when they refused. */
  readonly refused: string[] = [];

  plan(action: string, ...answers: PlannedAnswer[]): void {
    this.planned.set(action, [...(this.planned.get(action) ?? []), ...answers]);
  }

  sent(action: string, key?: string): number {
    return this.calls.filter((call) => call.action === action && (key === undefined || call.key === key))
      .length;
  }

  authorize(key: string, permit: SendingPermit): Promise<CommandAnswer> {
    return this.#send('authorize', key, permit, () => this.#reservations.set(key, 'authorized'));
  }

  submitSignature(key: string, body: JsonObject, permit: SendingPermit): Promise<CommandAnswer> {
    return this.#send('submit_signature', key, permit, () => undefined, body);
  }

  resubmitDisbursement(
    { creditOperationKey: key }: { readonly creditOperationKey: string },
    body: JsonObject,
    permit: SendingPermit,
  ): Promise<CommandAnswer> {
    return this.#send('resubmit_disbursement', key, permit, () => undefined, body);
  }

  cancelPermanently(
    { creditOperationKey: key }: CanceledLoan,
    permit: SendingPermit,
  ): Promise<CommandAnswer> {
    return this.#send('cancel_permanently', key, permit, () => this.#reservations.set(key, 'canceled'));
  }

  recalculatedIn(body: string): Decimal | undefined {
    return readRecalculated(body);
  }

  requestReversal(key: string, permit: SendingPermit): Promise<CommandAnswer> {
    return this.#send('request_reversal', key, permit, () => this.#reversals.add(key), undefined, CHARGE);
  }

  findReversal(key: string): Promise<CommandAnswer> {
    this.calls.push({ action: 'find_reversal', key });
    if (this.isBlind) return Promise.resolve({ kind: 'unknown', why: 'server error', httpStatus: 500 });
    const answer = {
      kind: 'accepted',
      httpStatus: this.#reversals.has(key) ? 200 : 404,
      body: CHARGE,
    } as const;
    this.#countInquiry();
    return Promise.resolve(answer);
  }

  reversalIn(body: string): ReversalCharge | undefined {
    return readReversalCharge(body);
  }

  findReservations(key: string): Promise<CommandAnswer> {
    const reservation_status = this.#reservations.get(key) ?? 'pending_requester_authorization';
    const body = JSON.stringify({ data: [{ external_key: randomUUID(), reservation_status }] });
    this.#countInquiry();
    return this.#take('find', key, () => undefined, undefined, body);
  }

  #countInquiry(): void {
    if (this.#late === undefined) return;
    this.#late.inquiries += 1;
    if (this.#late.inquiries < this.lateAfterInquiries) return;
    this.#late.takeEffect();
    this.#late = undefined;
  }

  /** As the wire does it: the permit has the last word, when the connection is ready. */
  async #send(
    action: string,
    key: string,
    permit: SendingPermit,
    effect: () => void,
    body?: JsonObject,
    answerBody?: string,
  ): Promise<CommandAnswer> {
    await this.connecting;
    const why = permit.refusal();
    if (why !== undefined) {
      this.refused.push(why);
      return { kind: 'not_taken', why, httpStatus: undefined };
    }
    return this.#take(action, key, effect, body, answerBody);
  }

  async #take(
    action: string,
    key: string,
    effect: () => void,
    sentBody?: JsonObject,
    answerBody = '{}',
  ): Promise<CommandAnswer> {
    this.calls.push({ action, key, ...(sentBody && { body: sentBody }) });
    if (this.delayMs > 0) await new Promise((resolve) => setTimeout(resolve, this.delayMs));
    if (this.isDown) return { kind: 'not_taken', why: 'connection refused', httpStatus: undefined };
    const planned = this.planned.get(action)?.shift();
    if (planned === 'last_before_down') this.isDown = true;
    const takeEffect = (): void => {
      effect();
      this.effects.push({ action, key });
    };
    if (planned === undefined || planned === 'lost' || planned === 'last_before_down') takeEffect();
    if (planned === 'lost_late') this.#late = { inquiries: 0, takeEffect };
    if (typeof planned === 'string') return { kind: 'unknown', why: 'timeout', httpStatus: undefined };
    return planned ?? { kind: 'accepted', httpStatus: 200, body: answerBody };
  }
}
