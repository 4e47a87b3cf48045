import { Inject, Injectable } from '@nestjs/common';
import { Decimal, isJsonObject, stringifyJson, type Clock, type JsonObject, type JsonValue } from '../kernel';
import type { CommandAnswer } from '../commands';
import type { CanceledLoan, ReservationDesk, ReversalCharge } from '../operation';
import { CLOCK, type SendingPermit } from '../platform';
import { readJsonObject } from './json-bytes';
import { answerByStatus, commandAnswerOf, saysUnknown, verdictOf } from './qi-answer';
import { QiClient, type QiCall } from './qi-client';
import type { QiRequest } from './qi-message';
import { QI_SETTINGS, type QiSettings } from './qi-settings';
import { readRecalculated } from './read-debt';
import { readReversalCharge } from './read-reversal';
import { callOn } from './route';

/** The one route of a cancellation that the manuals print (001, section on the permanent cancellation). */
const PRINTED_ROUTE = 'POST debt/{credit_operation_key}/cancel_permanently';
const MAX_PAGES = 20;
/** Of a signature that QI has already: what was asked for is so. */
const ALREADY_SIGNED = 'LEG0000117';

/** Everything after the win: QI manuals 000 (tracking) and 001 (reservation). */
@Injectable()
export class QiReservationDesk implements ReservationDesk {
  constructor(
    private readonly client: QiClient,
    @Inject(QI_SETTINGS) private readonly settings: QiSettings,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  authorize(creditOperationKey: string, permit: SendingPermit): Promise<CommandAnswer> {
    return this.#command(
      { method: 'PATCH', path: [...reservationPath(creditOperationKey), 'authorize'] },
      permit,
    );
  }

  async submitSignature(
    creditOperationKey: string,
    body: JsonObject,
    permit: SendingPermit,
  ): Promise<CommandAnswer> {
    const answer = await this.#command(
      { method: 'POST', path: ['debt', creditOperationKey, 'signed'], body },
      permit,
    );
    return answer.kind === 'rejected' && answer.code === ALREADY_SIGNED
      ? { kind: 'accepted', httpStatus: answer.httpStatus, body: answer.body }
      : answer;
  }

  async resubmitDisbursement(
    { creditOperationKey, product }: { readonly creditOperationKey: string; readonly product: string },
    body: JsonObject,
    permit: SendingPermit,
  ): Promise<CommandAnswer> {
    const path = ['debt', creditOperationKey];
    if (product === 'private_payroll')
      return this.#command({ method: 'POST', path: [...path, 'change_disbursement_date'], body }, permit);
    const { disbursement_bank_accounts: accounts, disbursement_date: date = null } = body;
    if (accounts !== undefined) {
      const changed = { disbursement_bank_accounts: accounts };
      const answer = await this.#command(
        { method: 'PUT', path: [...path, 'disbursement_bank_accounts'], body: changed },
        permit,
      );
      if (answer.kind !== 'accepted') return answer;
    }
    return this.#command(
      {
        method: 'PATCH',
        path: [...path, 'disbursement_option'],
        body: { disbursement_date: date, status: 'active' },
      },
      permit,
      'whole',
    );
  }

  recalculatedIn(body: string): Decimal | undefined {
    return readRecalculated(body);
  }

  /** Before the reservation the manuals name different routes by origin, and contradict each other: a setting each. */
  cancelPermanently(loan: CanceledLoan, permit: SendingPermit): Promise<CommandAnswer> {
    const { origin, isBeforeReservation } = loan;
    const configured =
      origin !== null && isBeforeReservation ? this.settings.cancelRoutes[origin] : undefined;
    const keys = {
      credit_operation_key: loan.creditOperationKey,
      auction_proposal_key: loan.auctionProposalKey,
      issuer_proposal_request_key: loan.issuerProposalRequestKey,
    };
    const call = callOn(configured ?? PRINTED_ROUTE, keys) ?? callOn(PRINTED_ROUTE, keys);
    if (call === undefined) throw new Error('the printed route of a cancellation names an unknown key');
    return this.#command(call, permit);
  }

  /** Nothing but its words says by which charge the money comes back: where they are lost it is looked up. */
  requestReversal(creditOperationKey: string, permit: SendingPermit): Promise<CommandAnswer> {
    const call = this.#reversalCall('request', creditOperationKey);
    return this.#ask({ ...call, body: { debt_key: creditOperationKey } }, permit);
  }

  async findReversal(creditOperationKey: string, timeoutMs: number): Promise<CommandAnswer> {
    const call = this.#reversalCall('find', creditOperationKey);
    const answer = commandAnswerOf(await this.client.exchange({ ...call, timeoutMs }));
    return saysUnknown(answer) ? { kind: 'accepted', httpStatus: 404, body: answer.body } : answer;
  }

  reversalIn(body: string): ReversalCharge | undefined {
    return readReversalCharge(body);
  }

  async findReservations(creditOperationKey: string, timeoutMs: number): Promise<CommandAnswer> {
    const until = this.clock.monotonicMs() + timeoutMs;
    const call: QiCall = { method: 'GET', path: reservationPath(creditOperationKey), timeoutMs };
    const first = await this.client.exchange(call);
    const answer = commandAnswerOf(first);
    if (answer.kind !== 'accepted' || first.kind !== 'answered') return answer;
    // A list is evidence and is kept whole; its size is bounded by the client.
    return { ...answer, body: await this.#withNextPages(call, first.text, until) };
  }

  /**
   * The first page with the reservations of the following ones added. Stops where a page cannot be read or is not the
   * one asked for; `pagination.next_page` then still names what is missing.
   */
  async #withNextPages(call: QiCall, firstPage: string, until: number): Promise<string> {
    let page = readPage(firstPage);
    if (page?.next === undefined) return firstPage;
    const reservations = [...page.reservations];
    for (let count = 1; count < MAX_PAGES && page.next !== undefined; count += 1) {
      const exchange = await this.client.exchange({
        ...call,
        query: { [this.settings.pageParameter]: page.next },
        timeoutMs: until - this.clock.monotonicMs(),
      });
      const isPage = exchange.kind === 'answered' && verdictOf(exchange.httpStatus) === 'accepted';
      const nextPage = isPage ? readPage(exchange.text) : undefined;
      if (nextPage === undefined || nextPage.current !== page.next) break;
      reservations.push(...nextPage.reservations);
      page = nextPage;
    }
    return stringifyJson({ data: reservations, pagination: page.pagination });
  }

  #reversalCall(which: 'request' | 'find', key: string): Pick<QiRequest, 'method' | 'path'> {
    const call = callOn(this.settings.reversalRoutes[which], { credit_operation_key: key });
    if (call === undefined) throw new Error('the route of a reversal names an unknown key');
    return call;
  }

  /** What QI's words add to a yes is not needed: what is paid is compared with what is owed in any case. */
  async #command(request: QiRequest, permit: SendingPermit, kept?: 'whole'): Promise<CommandAnswer> {
    return answerByStatus(await this.#ask(request, permit, kept));
  }

  async #ask(request: QiRequest, permit: SendingPermit, kept?: 'whole'): Promise<CommandAnswer> {
    const timeoutMs = permit.until.getTime() - this.clock.now().getTime();
    const refusal = (): string | undefined => permit.refusal();
    return commandAnswerOf(await this.client.exchange({ ...request, timeoutMs, refusal }), kept);
  }
}

function reservationPath(creditOperationKey: string): string[] {
  return ['private_payroll', 'reservation', 'external_key', creditOperationKey];
}

interface Page {
  readonly reservations: readonly JsonValue[];
  readonly pagination: JsonObject;
  readonly current: string | undefined;
  readonly next: string | undefined;
}

function readPage(text: string): Page | undefined {
  const document = readJsonObject(Buffer.from(text));
  const reservations = document?.['data'];
  if (!Array.isArray(reservations)) return undefined;
  const pagination = document?.['pagination'];
  if (!isJsonObject(pagination)) return { reservations, pagination: {}, current: undefined, next: undefined };
  return {
    reservations,
    pagination,
    current: pageNumber(pagination['current_page']),
    next: pageNumber(pagination['next_page']),
  };
}

function pageNumber(value: JsonValue | undefined): string | undefined {
  return Decimal.isDecimal(value) && value.isInteger() && value.gt(0) ? value.toFixed() : undefined;
}
