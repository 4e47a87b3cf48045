import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Clock } from '../../kernel';
import { CLOCK, LOGGER, type Logger } from '../../platform';
import { ActivePolicy, type PolicyVersion } from '../../policy';
import { decide, type DecisionInputs } from '../domain/decide';

/** Auctions that may wait for their shadows; beyond it they go without: the live ones come first. */
const MAX_WAITING = 200;

/** Lets approved versions decide beside the active one, on the same facts. Recorded, never sent. */
@Injectable()
export class ShadowDecisions {
  #waiting = 0;

  constructor(
    private readonly dataSource: DataSource,
    private readonly policies: ActivePolicy,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Returns at once; what goes wrong here is logged and touches no auction. */
  follow(inputs: DecisionInputs): void {
    for (const version of this.policies.shadows()) {
      if (this.#waiting >= MAX_WAITING) return;
      this.#waiting += 1;
      setImmediate(() => {
        void this.#decide(inputs, version)
          .catch((error: unknown) => {
            this.logger.error({ err: error, policy: version.compiled.hash }, 'shadow decision failed');
          })
          .finally(() => (this.#waiting -= 1));
      });
    }
  }

  async #decide(inputs: DecisionInputs, policy: PolicyVersion): Promise<void> {
    const decided = this.#outcome(inputs, policy);
    await this.dataSource.query(
      `INSERT INTO shadow_decision (auction_key, policy_hash, decided_at, outcome, reasons, terms)
       VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING`,
      [
        inputs.request.key,
        policy.compiled.hash,
        this.clock.now(),
        decided?.outcome ?? 'failed',
        JSON.stringify(decided?.reasons ?? []),
        decided?.outcome === 'bid' ? JSON.stringify(decided.bid) : null,
      ],
    );
  }

  #outcome(inputs: DecisionInputs, policy: PolicyVersion) {
    try {
      return decide({ ...inputs, policy });
    } catch (error) {
      this.logger.error(
        { err: error, policy: policy.compiled.hash },
        'shadow policy threw: it would not bid',
      );
      return undefined;
    }
  }
}
