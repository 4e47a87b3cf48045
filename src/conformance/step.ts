import type { ProposalRequest } from '../auction/domain';
import type { ProgrammeTerms } from '../decision/domain';
import type { Clock } from '../kernel';
import type { Logger } from '../platform';
import type { PricingContext } from '../pricing';
import { openQiLine, QiKeyError, type QiLine, type QiSettings, type SigningScheme } from '../qi';
import type { DeliveredContent, Finding } from './domain';
import type { ReceivedWebhook } from './received-webhook';

export interface ConformanceOptions {
  readonly baseUrl: string;
  readonly apiClientKey: string;
  readonly privateKeyPem: string | undefined;
  readonly publicKeyPem: string | undefined;
  /** Try this one only. */
  readonly signing: SigningScheme | undefined;
  /** CNPJ of the buyer that proposals name. */
  readonly purchaserDocumentNumber: string;
  /** How long to wait for a webhook that should come at once. */
  readonly webhookWaitMs: number;
  /** How long a webhook must not come again to count as acknowledged; 0 does not ask. */
  readonly acknowledgementWaitMs: number;
}

/** What a step leaves behind for the report, and whether the ones after it make sense. */
export interface StepResult {
  readonly findings: readonly Finding[];
  /** Why there is nothing more to be found out. */
  readonly stop?: string;
}

/** An auction that was opened for us. */
export interface OpenedAuction {
  readonly request: ProposalRequest;
  readonly webhook: ReceivedWebhook;
  /** When the internal auction ends, if its limit could be read. */
  readonly limitAt: Date | undefined;
}

/** Where QI's webhooks are seen as they come. */
export interface WebhookWatch {
  /** How each content was answered, as far as the answers are ours to choose. */
  readonly contents: readonly DeliveredContent[];
  signAcknowledgementsWith(signer: QiLine['gate']): void;
  /** The first webhook that is wanted; undefined when none comes in time. */
  waitFor(
    isWanted: (webhook: ReceivedWebhook) => boolean,
    withinMs: number,
  ): Promise<ReceivedWebhook | undefined>;
}

/** Everything the steps stand on. */
export interface StepContext {
  readonly options: ConformanceOptions;
  readonly receiver: WebhookWatch;
  readonly programme: ProgrammeTerms;
  readonly pricing: PricingContext;
  readonly clock: Clock;
  readonly logger: Logger;
}

const CALL_TIMEOUT_MS = 15_000;
export const callTimeoutMs = CALL_TIMEOUT_MS;

/** A line signed in one scheme; undefined when a key for it is missing. */
export function lineOf({ options, clock, logger }: StepContext, scheme: SigningScheme): QiLine | undefined {
  const settings: QiSettings = {
    baseUrl: options.baseUrl,
    apiClientKey: options.apiClientKey,
    signing: scheme,
    webhookAuth: scheme,
    privateKeyPem: options.privateKeyPem,
    publicKeyPems: options.publicKeyPem === undefined ? [] : [options.publicKeyPem],
    timeoutMs: CALL_TIMEOUT_MS,
    maxSockets: 4,
    warmConnections: 0,
    maxResponseBytes: 1_048_576,
    notifications: { listPath: '', resendPath: '' },
    pageParameter: '',
    cancelRoutes: { auction: '', active: '' },
    reversalRoutes: { request: '', find: '' },
  };
  try {
    return openQiLine(settings, clock, logger);
  } catch (error) {
    if (error instanceof QiKeyError) return undefined;
    throw error;
  }
}
