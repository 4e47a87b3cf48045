import type { Heard, HourlyCounts } from './silence';
import type { QiFailure, Trouble } from './trouble';

/** Proposals sent to QI, as far as the disk knows them. */
export interface QiFigures {
  /** When it last answered a proposal, within a day. */
  readonly answeredAt: Date | null;
  /** Attempts without success since QI last answered one, of the last quarter of an hour, and those that hang. */
  readonly failures: number;
  /** Of the first bid that failed so. */
  readonly failedSince: Date | null;
  readonly lastFailure: QiFailure | null;
  /** Bids since then that were not sent, or whose answer nobody knows. */
  readonly undelivered: number;
  readonly lastMinute: { readonly calls: number; readonly failed: number };
}

export interface CommandFigures {
  /** Taken by QI in none of several attempts. */
  readonly waiting: number;
  readonly since: Date | null;
}

export interface WebhookFigures {
  readonly lastAt: Date | null;
  /** Since when a process has been there to hear any. */
  readonly listeningSince: Date | null;
  /** How many came in the hour before the last one. */
  readonly inHourBefore: number;
  readonly queued: number;
  readonly oldestQueuedAt: Date | null;
}

/** What comes of bidding. */
export interface SuccessFigures {
  readonly lastWinAt: Date | null;
  readonly lastSignatureAt: Date | null;
  /** Since when bids are allowed; null while they are stopped. */
  readonly bidsSince: Date | null;
}

export interface ProcessFigures {
  /** Living ones that work on auctions. */
  readonly working: number;
  /** When the last one of those that work was last heard of. */
  readonly workedUntil: Date | null;
  readonly clocksOff: number;
}

export interface DatabaseFigures {
  /** The database's time. */
  readonly now: Date;
  readonly qi: QiFigures;
  readonly commands: CommandFigures;
  readonly webhooks: WebhookFigures;
  readonly success: SuccessFigures;
  /** Since when bidding is stopped because nobody watches; null while it is not. */
  readonly unwatchedSince: Date | null;
  readonly processes: ProcessFigures;
  /** What people were told of, by whichever process, and not yet that it is over. */
  readonly told: readonly Trouble[];
}

export interface CertificateFigures {
  readonly host: string;
  readonly endsAt: Date;
}

export interface DiskFigures {
  readonly directory: string;
  readonly freeBytes: number;
  readonly totalBytes: number;
}

/** Everything that troubles are told from. */
export interface Measured {
  /** Our own time. */
  readonly now: Date;
  /** Undefined while it does not answer. */
  readonly database: DatabaseFigures | undefined;
  /** What is usual, as it was learnt. */
  readonly usual: ReadonlyMap<Heard, HourlyCounts>;
  /** When it last did; before the first answer, when it was first asked. */
  readonly databaseAnsweredAt: Date;
  /** Of the hosts that could be asked. */
  readonly certificates: readonly CertificateFigures[];
  /** Hosts that could not be asked since the start. */
  readonly certificatesUnseen: readonly string[];
  /** That this process writes to; undefined where it cannot be told. */
  readonly disks: readonly (DiskFigures | undefined)[];
}
