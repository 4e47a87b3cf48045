import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { capsOf } from '../../decision/domain';
import { Decimal, SAO_PAULO } from '../../kernel';
import { decimal } from '../../platform';
import { ActivePolicy } from '../../policy';
import { EmployerNames } from '../explore/employer-names.service';

const use = z.object({
  used: decimal,
  cap: decimal.nullable().describe('null: the policy has none'),
  left: decimal.nullable(),
});

export const fundingView = z.object({
  today: use.describe('of the limit of one day, in São Paulo'),
  total: use,
  employers: z
    .array(use.extend({ mark: z.string(), document_number: z.string().nullable() }))
    .describe('those with the most in use, the most first'),
  employers_in_use: z.int(),
});

const MOST_EMPLOYERS = 50;

interface Used {
  readonly name: 'total' | 'per_day' | 'per_employer';
  readonly key: string;
  readonly used: string;
  readonly employers: string;
}

/** How much of the limits in reais is left: of the day, of all, of each employer. */
@Injectable()
export class FundingLeft {
  constructor(
    private readonly dataSource: DataSource,
    private readonly policies: ActivePolicy,
    private readonly names: EmployerNames,
  ) {}

  async now(): Promise<z.output<typeof fundingView>> {
    const rows = await this.dataSource.query<Used[]>(
      `SELECT name, key, used::text, 0 AS employers FROM limit_use
       WHERE (name, key) IN (('total', ''), ('per_day', to_char(now() AT TIME ZONE '${SAO_PAULO}', 'YYYY-MM-DD')))
       UNION ALL (SELECT name, key, used::text, count(*) OVER () FROM limit_use
         WHERE name = 'per_employer' AND used > 0 ORDER BY limit_use.used DESC, key LIMIT ${String(MOST_EMPLOYERS)})`,
    );
    const caps = capsOf(this.policies.current().compiled);
    const of = (name: 'total' | 'per_day') =>
      useOf(rows.find((row) => row.name === name)?.used ?? '0', caps[name]);
    const employers = rows
      .filter(({ name }) => name === 'per_employer')
      .map(({ key, used }) => ({
        mark: Buffer.from(key, 'hex').toString('base64url'),
        ...useOf(used, caps.per_employer),
      }));
    const names = await this.names.of(employers.map(({ mark }) => mark));
    return {
      today: of('per_day'),
      total: of('total'),
      employers: employers.map((one) => ({ ...one, document_number: names.get(one.mark) ?? null })),
      employers_in_use: Number(rows.find(({ name }) => name === 'per_employer')?.employers ?? 0),
    };
  }
}

function useOf(used: string, cap: Decimal | undefined): z.output<typeof use> {
  const left = cap && Decimal.max(cap.minus(used), 0).toFixed(2);
  return { used, cap: cap?.toFixed(2) ?? null, left: left ?? null };
}
