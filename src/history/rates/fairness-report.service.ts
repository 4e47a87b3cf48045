import { setImmediate } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { knownPersonalData, type PersonalData } from '../../auction';
import { SAO_PAULO } from '../../kernel';
import { isEmptied, FieldCipher, ReadDatabase } from '../../platform';
import { fairness, type JudgedRequest } from '../domain';
import type { FairnessGroup, FairnessQuery, FairnessView } from './fairness.dto';

/** Each is opened for its age or region alone: so many in about a second, in steps that let bids through. */
const MOST_DECISIONS = 20_000;
const STEP = 200;

type Stored = StoredDecision | { readonly is_erased: true; readonly received_at: Date };

interface StoredDecision {
  readonly is_erased: false;
  readonly key: string;
  readonly received_at: Date;
  readonly day: string;
  readonly outcome: 'bid' | 'no_bid';
  readonly policy_version: string;
  readonly rate_bp: string | null;
  readonly price_row: string | null;
  readonly personal_key_id: string;
  readonly personal_ciphertext: Buffer;
}

/** As retention leaves it. Its decision may have left for the archive. */
const IS_ERASED = isEmptied('a.personal_ciphertext');

const DECISIONS = `
  SELECT a.issuer_proposal_request_key AS key, a.received_at, ${IS_ERASED} AS is_erased,
    (d.decided_at AT TIME ZONE '${SAO_PAULO}')::date::text AS day, d.outcome, d.policy_version,
    (b.monthly_interest_rate * 10000)::text AS rate_bp, b.price_row, a.personal_key_id, a.personal_ciphertext
  FROM auction a LEFT JOIN decision d ON d.auction_key = a.issuer_proposal_request_key AND d.ordinal = 1
  LEFT JOIN bid b ON b.auction_key = d.auction_key AND b.ordinal = 1
  WHERE a.received_at >= coalesce($1::date, '2000-01-01')::timestamp AT TIME ZONE '${SAO_PAULO}'
    AND a.received_at < (coalesce($2::date, '3000-01-01') + 1)::timestamp AT TIME ZONE '${SAO_PAULO}'
    AND (d.auction_key IS NOT NULL OR ${IS_ERASED})
  ORDER BY a.received_at DESC, a.issuer_proposal_request_key DESC LIMIT $3`;

/**
 * Rates and refusals by bands of age and by region: measured, never used. What is personal is opened here, counted and
 * forgotten; of a small group nothing goes out.
 */
@Injectable()
export class FairnessReport {
  constructor(
    private readonly database: ReadDatabase,
    private readonly cipher: FieldCipher,
  ) {}

  /** @param most decisions looked at, the newest of the period: the view says where there are more */
  async of({ by, from, to }: FairnessQuery, most = MOST_DECISIONS): Promise<FairnessView> {
    const found = await this.database.query<Stored[]>(DECISIONS, [from ?? null, to ?? null, most + 1]);
    const erased = found.find((row) => row.is_erased);
    const kept = keptOf(found);
    const rows = kept.slice(0, most);
    const oldest = kept.length > most ? rows.at(-1) : undefined;
    const judged: JudgedRequest[] = [];
    for (const [at, row] of rows.entries()) {
      if (at % STEP === 0) await setImmediate();
      judged.push(this.#judged(row, by));
    }
    const { groups, suppressed } = fairness(judged);
    return {
      by,
      looked_at: groups.reduce((sum, { decisions }) => sum + decisions, 0),
      suppressed,
      limited_to: oldest === undefined ? null : most,
      looked_from: oldest?.received_at.toISOString() ?? null,
      kept_after: erased?.received_at.toISOString() ?? null,
      groups: groups.map(({ group, decisions, declined, bids, meanRateBp, unexplainedBp }) => ({
        group: group ?? null,
        decisions,
        declined,
        bids,
        mean_rate: meanRateBp === undefined ? null : (meanRateBp / 10_000).toFixed(6),
        unexplained: unexplainedBp ?? null,
      })),
    };
  }

  #judged(row: StoredDecision, by: FairnessGroup): JudgedRequest {
    const sealed = { keyId: row.personal_key_id, ciphertext: row.personal_ciphertext };
    const personal = knownPersonalData(row.key, sealed, this.cipher);
    return {
      group: by === 'age' ? ageBand(personal, row.day) : region(personal),
      isDeclined: row.outcome === 'no_bid',
      bid:
        row.rate_bp === null
          ? undefined
          : { rateBp: Number(row.rate_bp), price: `${row.policy_version} ${row.price_row ?? ''}` },
    };
  }
}

/**
 * Down to the newest that was erased. Those without success are erased years before the won ones, of which alone the rates and
 * refusals of an older time would be.
 */
function keptOf(newestFirst: readonly Stored[]): readonly StoredDecision[] {
  const kept: StoredDecision[] = [];
  for (const row of newestFirst) {
    if (row.is_erased) break;
    kept.push(row);
  }
  return kept;
}

const AGES = [65, 55, 45, 35, 25, 18] as const;

/** The first year of the band, as text. */
function ageBand({ birthDate }: PersonalData, day: string): string | undefined {
  const [born, on] = [birthDate?.reveal(), day];
  if (born === undefined) return undefined;
  const years = Number(on.slice(0, 4)) - Number(born.slice(0, 4)) - (on.slice(5) < born.slice(5) ? 1 : 0);
  return AGES.find((from) => years >= from)?.toString();
}

/** The ninth digit of a CPF says which fiscal region issued it. */
function region({ cpf }: PersonalData): string | undefined {
  return cpf?.reveal().at(8);
}
