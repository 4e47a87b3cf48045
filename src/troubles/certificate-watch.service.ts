import type { LookupFunction } from 'node:net';
import { connect } from 'node:tls';
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { HOUR_MS } from '../kernel';
import { LOGGER, NameResolver, Periodic, SETTINGS, type Logger, type Settings } from '../platform';
import type { CertificateFigures } from './domain';

const LOOK_EVERY_MS = HOUR_MS;
const FIRST_AFTER_MS = 2_000;
const TIMEOUT_MS = 10_000;

/**
 * Looks once an hour when the certificates end that auctions depend on: QI's, and the one under which QI and people find
 * us. Who cannot be reached tells nothing here; that is told elsewhere.
 */
@Injectable()
export class CertificateWatch implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #looks: Periodic;
  readonly #addresses: readonly URL[];
  readonly #found = new Map<string, CertificateFigures>();

  constructor(
    @Inject(SETTINGS) settings: Settings,
    @Inject(LOGGER) logger: Logger,
    private readonly names: NameResolver,
  ) {
    this.#addresses = [settings.QI_BASE_URL, settings.ARREMATE_PUBLIC_URL]
      .map((address) => new URL(address))
      .filter(({ protocol }) => protocol === 'https:');
    this.#looks = new Periodic({
      name: 'certificates',
      everyMs: LOOK_EVERY_MS,
      run: () => this.look(),
      onError: (error) => {
        logger.warn({ err: error }, 'certificates could not be looked at');
      },
    });
  }

  onApplicationBootstrap(): void {
    if (this.#addresses.length > 0) this.#looks.start(FIRST_AFTER_MS);
  }

  onModuleDestroy(): Promise<void> {
    return this.#looks.stop();
  }

  /** As they were last seen. */
  get found(): readonly CertificateFigures[] {
    return [...this.#found.values()];
  }

  /** Hosts that could not be asked since the start. */
  get unseen(): readonly string[] {
    return this.#addresses.map(({ hostname }) => hostname).filter((host) => !this.#found.has(host));
  }

  async look(): Promise<void> {
    await Promise.all(
      this.#addresses.map(async ({ hostname, port }) => {
        const endsAt = await endOfCertificate({
          host: hostname,
          port: Number(port === '' ? 443 : port),
          lookup: this.names.lookup(),
        });
        if (endsAt !== undefined) this.#found.set(hostname, { host: hostname, endsAt });
      }),
    );
  }
}

/** Undefined when there is no connection. An invalid one is looked at as well: that it has ended is what we want to hear. */
function endOfCertificate(where: {
  readonly host: string;
  readonly port: number;
  readonly lookup: LookupFunction;
}): Promise<Date | undefined> {
  return new Promise((resolve) => {
    const socket = connect({
      ...where,
      servername: where.host,
      rejectUnauthorized: false,
      timeout: TIMEOUT_MS,
    });
    const end = (endsAt?: Date): void => {
      socket.destroy();
      resolve(endsAt);
    };
    socket.once('secureConnect', () => {
      const endsAt = new Date(socket.getPeerCertificate().valid_to);
      end(Number.isNaN(endsAt.getTime()) ? undefined : endsAt);
    });
    socket.once('timeout', () => {
      end();
    });
    socket.once('error', () => {
      end();
    });
  });
}
