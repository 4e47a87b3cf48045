import { generateKeyPairSync } from 'node:crypto';
import { Global, Module } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { PROPOSAL_DESK } from '../auction';
import { WEBHOOK_GATE } from '../inbox';
import { systemClock } from '../kernel';
import { RESERVATION_DESK } from '../operation';
import { CLOCK, LOGGER, METRICS, SETTINGS } from '../platform';
import { NOTIFICATION_DESK } from '../reconciliation';
import { BreakerProposalDesk } from './breaker-proposal-desk';
import { QiModule } from './qi.module';
import { QiNotificationDesk } from './qi-notification-desk';
import { QiReservationDesk } from './qi-reservation-desk';
import { QI_SETTINGS } from './qi-settings';
import { QiWebhookGate } from './webhook-gate';

const settings = {
  QI_BASE_URL: 'https://api-auth.sandbox.qitech.app/',
  QI_API_CLIENT_KEY: 'key',
  QI_SIGNING: 'jwt-v2',
  QI_WEBHOOK_AUTH: 'none',
  QI_PRIVATE_KEY_FILE: generateKeyPairSync('ec', { namedCurve: 'secp521r1' })
    .privateKey.export({ type: 'pkcs8', format: 'pem' })
    .toString(),
  QI_PUBLIC_KEY_FILE: undefined,
  QI_TIMEOUT_MS: 10_000,
  engine: {
    qi: {
      max_sockets: 8,
      warm_connections: 2,
      max_response_bytes: 1_000,
      breaker_failures: 3,
      breaker_half_open_ms: 1_000,
      notification_list_path: 'notification/events',
      notification_resend_path: 'notification/resend/{event_key}',
      page_parameter: 'seite',
      cancel_route_auction: 'PATCH a/{auction_proposal_key}',
      cancel_route_active: 'POST b/{credit_operation_key}',
    },
  },
};

const compile = (over: object) => {
  const values = [
    { provide: SETTINGS, useValue: { ...settings, ...over } },
    { provide: CLOCK, useValue: systemClock },
    { provide: LOGGER, useValue: pino({ level: 'silent' }) },
    { provide: METRICS, useValue: new Registry() },
  ];
  @Global()
  @Module({ providers: values, exports: values })
  class Platform {}
  return Test.createTestingModule({ imports: [Platform, QiModule] }).compile();
};

test('QI stands behind every port, with the settings of the platform', async () => {
  const module = await compile({});
  expect(module.get(PROPOSAL_DESK)).toBeInstanceOf(BreakerProposalDesk);
  expect(module.get(RESERVATION_DESK)).toBeInstanceOf(QiReservationDesk);
  expect(module.get(NOTIFICATION_DESK)).toBeInstanceOf(QiNotificationDesk);
  expect(module.get(WEBHOOK_GATE)).toBeInstanceOf(QiWebhookGate);
  expect(module.get(QI_SETTINGS, { strict: false })).toMatchObject({
    baseUrl: 'https://api-auth.sandbox.qitech.app/',
    publicKeyPems: [],
    maxSockets: 8,
    warmConnections: 2,
    maxResponseBytes: 1_000,
    notifications: {
      listPath: 'notification/events',
      resendPath: 'notification/resend/{event_key}',
    },
    pageParameter: 'seite',
    cancelRoutes: { auction: 'PATCH a/{auction_proposal_key}', active: 'POST b/{credit_operation_key}' },
  });
  await module.close();
});

test('a key that cannot sign stops the start', async () => {
  await expect(compile({ QI_PRIVATE_KEY_FILE: '-----BEGIN nothing' })).rejects.toThrow('QI_PRIVATE_KEY_FILE');
});
