import { Inject, Injectable } from '@nestjs/common';
import type { CommandAnswer } from '../commands';
import type { Clock, JsonObject } from '../kernel';
import { CLOCK, type SendingPermit } from '../platform';
import { commandAnswerOf, saysUnknown } from './qi-answer';
import { QiClient, type QiCall } from './qi-client';
import { isDebtOfAnother } from './read-debt';
import { callOn } from './route';

const NOTHING_FOUND = '{"data":[]}';

/** Calls about debts, on routes as the settings name them: alike for every product without an auction. */
@Injectable()
export class DebtCalls {
  constructor(
    private readonly client: QiClient,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** @param keys that stand in the route's path */
  async command(
    route: string,
    permit: SendingPermit,
    body?: JsonObject,
    keys: Readonly<Record<string, string>> = {},
  ): Promise<CommandAnswer> {
    const on = callOn(route, keys);
    if (on === undefined) throw new Error(`the route ${route} asks for a key that the call does not have`);
    const call: QiCall = {
      ...on,
      ...(body && { body }),
      timeoutMs: permit.until.getTime() - this.clock.now().getTime(),
      refusal: () => permit.refusal(),
    };
    return commandAnswerOf(await this.client.exchange(call), 'whole');
  }

  /**
   * Looks for a debt under our own key. The parameter is not in QI's public text, and a QI that ignores it answers with
   * any debt: one that does not print our key is no answer.
   */
  async findIssued(route: string, controlKey: string, timeoutMs: number): Promise<CommandAnswer> {
    const call = callOn(route, {});
    if (call === undefined) throw new Error('the route of a debt is looked up by no key of its own');
    const exchange = await this.client.exchange({
      ...call,
      query: { requester_identifier_key: controlKey },
      timeoutMs,
    });
    const answer = commandAnswerOf(exchange, 'whole');
    if (saysUnknown(answer)) return { kind: 'accepted', httpStatus: 404, body: NOTHING_FOUND };
    return answer.kind === 'accepted' && isDebtOfAnother(answer.body, controlKey)
      ? { ...answer, kind: 'unknown', why: 'QI answered with a debt that is not under our key' }
      : answer;
  }
}
