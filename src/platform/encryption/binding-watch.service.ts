import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { readBindingStage } from './binding-stage';
import { FieldCipher } from './field-cipher';
import { LOGGER, type Logger } from '../telemetry/logger';
import { Periodic } from '../process/periodic';

const LOOK_EVERY_MS = 2_000;

/**
 * Until all ciphertexts are bound to their places, looks how far that is; `rotate-keys` waits until every process has
 * seen it. In a database that is done with it there is nothing to look for.
 */
@Injectable()
export class BindingWatch implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #looks: Periodic;

  constructor(
    private readonly dataSource: DataSource,
    private readonly cipher: FieldCipher,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.#looks = new Periodic({
      name: 'binding_stage',
      everyMs: LOOK_EVERY_MS,
      run: () => this.#look(),
      logger,
      failed: 'how far ciphertexts are bound could not be read',
    });
  }

  onApplicationBootstrap(): void {
    const { stage } = this.cipher;
    if (stage === 'bound') return;
    this.logger.warn({ stage }, 'encrypted columns are not all bound to their places: npm run rotate-keys');
    this.#looks.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.#looks.stop();
  }

  async #look(): Promise<void> {
    const before = this.cipher.stage;
    this.cipher.follow(await readBindingStage(this.dataSource));
    const { stage } = this.cipher;
    if (stage !== before) this.logger.info({ stage }, 'ciphertexts are bound to their places');
    if (stage === 'bound') void this.#looks.stop();
  }
}
