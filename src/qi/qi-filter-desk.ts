import { Injectable } from '@nestjs/common';
import type { JsonObject } from '../kernel';
import type { CommandAnswer } from '../operation';
import { commandAnswerOf } from './qi-answer';
import { QiClient } from './qi-client';

/** Sets which requests QI sends us. The document is sent whole, so sending it again changes nothing. */
@Injectable()
export class QiFilterDesk {
  constructor(private readonly client: QiClient) {}

  /** QI answers 201; any 2xx is a yes. */
  async set(filter: JsonObject, timeoutMs: number): Promise<CommandAnswer> {
    const path = ['private_payroll_auction', 'requester_configuration', 'custom_data'];
    return commandAnswerOf(await this.client.exchange({ method: 'PATCH', path, body: filter, timeoutMs }));
  }
}
