import { HttpModule } from '@nestjs/axios';
import { Global, Module } from '@nestjs/common';
import { PROPOSAL_DESK } from '../auction';
import { DOCUMENT_SHELF } from '../documents';
import { WEBHOOK_GATE } from '../inbox';
import { RESERVATION_DESK } from '../operation';
import { FEDERAL_PAYROLL_DESK, FGTS_DESK } from '../origination';
import { SETTINGS, type Settings } from '../platform';
import { NOTIFICATION_DESK } from '../reconciliation';
import { BreakerProposalDesk } from './breaker-proposal-desk';
import { DebtCalls } from './debt-calls';
import { ProposalWire } from './proposal-wire';
import { QiClient } from './qi-client';
import {
  FEDERAL_PAYROLL_QI_SETTINGS,
  QiFederalPayrollDesk,
  type FederalPayrollQiSettings,
} from './qi-federal-payroll-desk';
import { FGTS_ROUTES, QiFgtsDesk, type FgtsRoutes } from './qi-fgts-desk';
import { QiDocumentShelf } from './qi-document-shelf';
import { QiFilterDesk } from './qi-filter-desk';
import { QiKeys } from './qi-keys';
import { QiMessages } from './qi-message';
import { QiNotificationDesk } from './qi-notification-desk';
import { QiProposalDesk } from './qi-proposal-desk';
import { QiReservationDesk } from './qi-reservation-desk';
import { QI_SETTINGS, type QiSettings } from './qi-settings';
import { QiWebhookGate } from './webhook-gate';

/** QI behind the ports that auction, operation and inbox declare. Global: they must not know who stands behind. */
@Global()
@Module({
  imports: [HttpModule],
  providers: [
    { provide: QI_SETTINGS, inject: [SETTINGS], useFactory: qiSettingsFrom },
    { provide: QiKeys, inject: [QI_SETTINGS], useFactory: (settings: QiSettings) => new QiKeys(settings) },
    QiMessages,
    QiClient,
    QiFilterDesk,
    ProposalWire,
    QiProposalDesk,
    { provide: PROPOSAL_DESK, useClass: BreakerProposalDesk },
    { provide: NOTIFICATION_DESK, useClass: QiNotificationDesk },
    {
      provide: FGTS_ROUTES,
      inject: [SETTINGS],
      useFactory: ({ engine }: Settings): FgtsRoutes => engine.qi.fgts,
    },
    {
      provide: FEDERAL_PAYROLL_QI_SETTINGS,
      inject: [SETTINGS],
      useFactory: ({ engine, PURCHASER_DOCUMENT_NUMBER }: Settings): FederalPayrollQiSettings => ({
        ...engine.qi.federal_payroll,
        purchaser_document_number: PURCHASER_DOCUMENT_NUMBER,
      }),
    },
    DebtCalls,
    { provide: FGTS_DESK, useClass: QiFgtsDesk },
    { provide: FEDERAL_PAYROLL_DESK, useClass: QiFederalPayrollDesk },
    { provide: DOCUMENT_SHELF, useClass: QiDocumentShelf },
    { provide: RESERVATION_DESK, useClass: QiReservationDesk },
    { provide: WEBHOOK_GATE, useClass: QiWebhookGate },
  ],
  exports: [
    DOCUMENT_SHELF,
    FEDERAL_PAYROLL_DESK,
    FGTS_DESK,
    NOTIFICATION_DESK,
    PROPOSAL_DESK,
    QiFilterDesk,
    RESERVATION_DESK,
    WEBHOOK_GATE,
  ],
})
export class QiModule {}

/** Callers set their own time-outs (a proposal: all that is left before its limit); this bounds their mistakes. */
const LONGEST_CALL_MS = 180_000;

function qiSettingsFrom(settings: Settings): QiSettings {
  const sendsProposals = settings.ARREMATE_ROLE !== 'web' && !settings.ARREMATE_DRY_RUN;
  return {
    baseUrl: settings.QI_BASE_URL,
    apiClientKey: settings.QI_API_CLIENT_KEY,
    signing: settings.QI_SIGNING,
    webhookAuth: settings.QI_WEBHOOK_AUTH,
    privateKeyPem: settings.QI_PRIVATE_KEY_FILE,
    publicKeyPems: settings.QI_PUBLIC_KEY_FILE === undefined ? [] : [settings.QI_PUBLIC_KEY_FILE],
    timeoutMs: LONGEST_CALL_MS,
    maxSockets: settings.engine.qi.max_sockets,
    warmConnections: sendsProposals ? settings.engine.qi.warm_connections : 0,
    maxResponseBytes: settings.engine.qi.max_response_bytes,
    notifications: {
      listPath: settings.engine.qi.notification_list_path,
      resendPath: settings.engine.qi.notification_resend_path,
    },
    pageParameter: settings.engine.qi.page_parameter,
    cancelRoutes: {
      auction: settings.engine.qi.cancel_route_auction,
      active: settings.engine.qi.cancel_route_active,
    },
    reversalRoutes: { request: settings.engine.qi.reversal, find: settings.engine.qi.find_reversal },
  };
}
