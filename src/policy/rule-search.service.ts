import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { saysAll, type Product } from './domain';
import type { PolicyState } from './policy-row';

export interface FoundRule {
  readonly number: number;
  readonly state: PolicyState;
  readonly own_name: string | null;
  readonly product: Product;
  readonly id: string;
  readonly code: string;
  readonly sentence: string;
}

/** Beyond the active version, the newest of those on their way: what is older is history. */
const OPEN_VERSIONS = 10;

/** The rules of every product, as they decide now and as they are being written. */
@Injectable()
export class RuleSearch {
  constructor(private readonly dataSource: DataSource) {}

  /** Those of the active version first. @param limit the most that are given */
  async find(text: string, limit: number): Promise<readonly FoundRule[]> {
    // Only rules leave the database: a document may hold thousands of rows of prices.
    const rules = await this.dataSource.query<FoundRule[]>(
      `SELECT number, state, own_name, product, rule ->> 'id' AS id, rule ->> 'code' AS code,
         rule ->> 'sentence' AS sentence
       FROM (
         (SELECT number, state, own_name, document::jsonb AS document FROM policy_version WHERE state = 'active')
         UNION ALL
         (SELECT number, state, own_name, document::jsonb FROM policy_version
          WHERE state IN ('draft', 'in_review', 'approved', 'scheduled') ORDER BY number DESC LIMIT ${OPEN_VERSIONS})
       ) AS version,
       LATERAL (
         SELECT 'private_payroll' AS product, document -> 'rules' AS rules
         UNION ALL
         SELECT key, value -> 'rules' FROM jsonb_each(coalesce(document -> 'products', '{}'))
       ) AS section,
       LATERAL jsonb_array_elements(rules) WITH ORDINALITY AS each (rule, place)
       ORDER BY state <> 'active', number DESC, product <> 'private_payroll', product, place`,
    );
    return rules.filter((rule) => saysAll(rule, text)).slice(0, limit);
  }
}
