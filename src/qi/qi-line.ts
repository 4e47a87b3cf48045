import { HttpService } from '@nestjs/axios';
import axios from 'axios';
import type { Clock } from '../kernel';
import type { Logger } from '../platform';
import { ProposalWire } from './proposal-wire';
import { QiClient } from './qi-client';
import { QiKeys } from './qi-keys';
import { QiMessages } from './qi-message';
import { QiProposalDesk } from './qi-proposal-desk';
import type { QiSettings } from './qi-settings';
import { QiWebhookGate } from './webhook-gate';

/** QI without an application around it: for a programme of the command line. */
export interface QiLine {
  readonly client: QiClient;
  readonly proposals: QiProposalDesk;
  readonly gate: QiWebhookGate;
  close(): Promise<void>;
}

/** @throws QiKeyError naming the key that the chosen schemes need and do not have. */
export function openQiLine(settings: QiSettings, clock: Clock, logger: Logger): QiLine {
  const keys = new QiKeys(settings);
  const messages = new QiMessages(settings, keys, clock);
  const client = new QiClient(new HttpService(axios.create()), settings, messages);
  const wire = new ProposalWire(settings, messages, clock);
  return {
    client,
    proposals: new QiProposalDesk(wire, logger),
    gate: new QiWebhookGate(settings, keys, clock, logger),
    close: async () => {
      client.onApplicationShutdown();
      await wire.onApplicationShutdown();
    },
  };
}
