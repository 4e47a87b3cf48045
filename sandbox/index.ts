import type { AddressInfo } from 'node:net';
import type { KeyObject } from 'node:crypto';
import type { AuctionOverrides } from './auction-plan';
import type { Auction } from './auctions';
import { changeBehaviour, defaultBehaviour, type Behaviour, type BehaviourChange } from './behaviour';
import type { Attempt } from './delivery';
import type { Log } from './ledger';
import { keepLedgerIn } from './ledger-file';
import { readLedger, type Ledger } from './ledger-view';
import { keepPace } from './pace';
import { QiSandbox, type RawWebhook } from './sandbox';
import { createSandboxServer } from './server';
import type { SigningScheme } from './signing';

export type { AuctionOverrides, BehaviourChange, Ledger };

export interface SandboxOptions {
  /** 0, the default, takes any free port. */
  readonly port?: number;
  readonly host?: string;
  readonly seed?: number;
  /** Where webhooks go; may be set later by `deliverTo`. */
  readonly webhookUrl?: string | undefined;
  readonly signing?: SigningScheme;
  readonly apiClientKey?: string;
  /** QI's key. */
  readonly privateKey?: KeyObject | undefined;
  readonly partnerPublicKey?: KeyObject | undefined;
  /** By default no auction opens by itself; everything else as for the process. */
  readonly behaviour?: BehaviourChange;
  readonly log?: Log;
  /** Where what is not over is kept from run to run; by default all is in memory and gone with `close`. */
  readonly ledgerFile?: string | undefined;
}

export interface SandboxControl {
  openAuction(overrides?: AuctionOverrides): Auction;
  sendWebhook(webhook: RawWebhook): Promise<Attempt[]>;
  setBehaviour(change: BehaviourChange): Behaviour;
  deliverTo(url: string): void;
  ledger(): Ledger;
  reset(): void;
}

export interface Sandbox {
  readonly url: string;
  readonly control: SandboxControl;
  close(): Promise<void>;
}

/** Starts a QI of our own. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const quiet: BehaviourChange = { pace: { auctions_per_minute: 0 }, webhooks: { url: options.webhookUrl } };
  const identity = {
    scheme: options.signing ?? 'none',
    apiClientKey: options.apiClientKey ?? 'sandbox',
    privateKey: options.privateKey,
    partnerPublicKey: options.partnerPublicKey,
  };
  const behaviour = changeBehaviour(changeBehaviour(defaultBehaviour(), quiet), options.behaviour ?? {});
  const qi = new QiSandbox(options.seed ?? 1, identity, behaviour, options.log ?? (() => undefined));
  const keepLedger = options.ledgerFile === undefined ? undefined : keepLedgerIn(options.ledgerFile, qi);
  const server = createSandboxServer(qi);
  const host = options.host ?? '127.0.0.1';
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, host, resolve);
  });
  const stopPace = keepPace(qi);
  return {
    url: `http://${host}:${portOf(server.address())}`,
    control: {
      openAuction: (overrides) => qi.openAuction(overrides),
      sendWebhook: (webhook) => qi.sendWebhook(webhook),
      setBehaviour: (change) => qi.changeBehaviour(change),
      deliverTo: (url) => {
        qi.changeBehaviour({ webhooks: { url } });
      },
      ledger: () => readLedger(qi),
      reset: () => {
        qi.reset();
      },
    },
    close: async () => {
      stopPace();
      keepLedger?.();
      qi.close();
      await new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      });
    },
  };
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string')
    throw new TypeError('the sandbox listens on no TCP port');
  return address.port;
}
