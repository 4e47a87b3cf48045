import { HttpService } from '@nestjs/axios';
import axios from 'axios';
import type { Clock } from '../kernel';
import type { Logger } from '../platform';
import { QiClient } from './qi-client';
import { QiKeys } from './qi-keys';
import { QiProposalDesk } from './qi-proposal-desk';
import type { QiSettings } from './qi-settings';
import { QiWebhookGate } from './webhook-gate';

/** QI without an application around it: for a programme of the command line. */
export interface QiLine {
  readonly client: QiClient;
  readonly proposals: QiProposalDesk;
  readonly gate: QiWebhookGate;
  close(): void;
}

/** @throws QiKeyError naming the key that the chosen schemes need and do not have. */
export function openQiLine(settings: QiSettings, clock: Clock, logger: Logger): QiLine {
  const keys = new QiKeys(settings);
  const client = new QiClient(new HttpService(axios.create()), settings, keys, clock);
  return {
    client,
    proposals: new QiProposalDesk(client, logger),
    gate: new QiWebhookGate(settings, keys, clock, logger),
    close: () => {
      client.onApplicationShutdown();
    },
  };
}
