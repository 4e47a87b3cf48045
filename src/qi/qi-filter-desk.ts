import { Injectable } from '@nestjs/common';
import type { JsonObject } from '../kernel';
import type { CommandAnswer } from '../commands';
import { commandAnswerOf } from './qi-answer';
import { QiClient } from './qi-client';

/** Sets which requests QI sends us. The document is sent whole, so sending it again changes nothing. */
@Injectable()
export class QiFilterDesk {
  constructor(private readonly client: QiClient) {}

  /** QI answers 201; any 2xx is a yes. `refusal` may still say no when the connection is ready. */
  async set(
    filter: JsonObject,
    timeoutMs: number,
    refusal: () => string | undefined,
  ): Promise<CommandAnswer> {
    const path = ['private_payroll_auction', 'requester_configuration', 'custom_data'];
    const call = { method: 'PATCH', path, body: filter, timeoutMs, refusal } as const;
    return commandAnswerOf(await this.client.exchange(call));
  }
}
