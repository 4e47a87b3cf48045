import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { doubtsOf, type Doubt, type NightFigures } from './domain';

const IN_FORCE = `SELECT figures, trained_through::text AS trained_through, made_at FROM rate_model_version
  WHERE state = 'in_force'`;

/** What speaks against the version in force, as its night found it. */
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
