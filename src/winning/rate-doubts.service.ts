import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { doubtsOf, type Doubt, type NightFigures } from './domain';

/** One that was made for another policy is not bid with, whatever its state. */
const IN_FORCE = `SELECT figures, trained_through::text AS trained_through, made_at FROM rate_model_version
  WHERE state = 'in_force' AND policy_hash = (SELECT hash FROM policy_version WHERE state = 'active')`;

/** What speaks against the version in force of the active policy, as its night found it. */
@Injectable()
export class RateDoubts {
  constructor(private readonly dataSource: DataSource) {}

  async find(): Promise<readonly { readonly doubt: Doubt; readonly since: Date }[]> {
    const [version] =
      await this.dataSource.query<{ figures: NightFigures; trained_through: string; made_at: Date }[]>(
        IN_FORCE,
      );
    if (version === undefined) return [];
    const { figures, trained_through: through, made_at: since } = version;
    return doubtsOf(figures, through).map((doubt) => ({ doubt, since }));
  }
}
