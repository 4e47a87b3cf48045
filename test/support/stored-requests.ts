import { createHash, randomUUID } from 'node:crypto';
import type { DataSource } from 'typeorm';
import type { FieldCipher } from '../../src/platform';
import { newCpf, proposalRequest } from './webhooks';

const ROWS_AT_ONCE = 2_000;
const CPFS = Array.from({ length: 1_000 }, newCpf);

interface Sample extends Readonly<Record<string, unknown>> {
  readonly data: Readonly<Record<string, unknown>> & {
    readonly issuer_proposal_request_data: Readonly<Record<string, unknown>>;
  };
}

/** A small generator with a seed: the same requests in every run. */
function seeded(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** As if that many requests had come in since the first of January 2026, twelve a second, and all been declined. */
export async function storeRequests(
  dataSource: DataSource,
  cipher: FieldCipher,
  requests: number,
): Promise<void> {
  const draw = seeded(20_260_818);
  const sample = proposalRequest() as Sample;
  for (let done = 0; done < requests; done += ROWS_AT_ONCE) {
    const rows = Array.from({ length: Math.min(ROWS_AT_ONCE, requests - done) }, (_, at) => {
      const key = randomUUID();
      const raw = JSON.stringify(drawn(sample, key, draw));
      const hash = createHash('sha256').update(raw).digest();
      const { keyId, ciphertext } = cipher.encrypt(raw, 'webhook_event.raw_ciphertext', hash.toString('hex'));
      return { key, keyId, ciphertext, hash, second: Math.floor((done + at) / 12) };
    });
    await dataSource.query(
      `WITH arrived AS (
         SELECT * FROM unnest($1::text[], $2::bytea[], $3::text[], $4::bytea[], $5::integer[])
           AS t (key, hash, key_id, ciphertext, second)),
       event AS (
         INSERT INTO webhook_event (content_hash, received_at, raw_key_id, raw_ciphertext, event_key, status)
         SELECT hash, timestamptz '2026-01-01' + second * interval '1 second', key_id, ciphertext, key, 'done' FROM arrived
         RETURNING id, event_key, received_at),
       auction AS (
         INSERT INTO auction (issuer_proposal_request_key, webhook_event_id, status, received_at, inclusion_limit_at,
           expiration_at, personal_key_id, personal_ciphertext)
         SELECT event_key, id, 'declined', received_at, received_at + interval '100 seconds',
           received_at + interval '1 day', '', '' FROM event
         RETURNING issuer_proposal_request_key, received_at)
       INSERT INTO decision (auction_key, decided_at, outcome, policy_version, policy_hash, reasons, trace, context)
       SELECT issuer_proposal_request_key, received_at, 'no_bid', '1', '', '[]', '{}', jsonb_build_object(
         'now', to_char(received_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), 'deadline', null,
         'window', 'on_time', 'borrower_live_offers', 0, 'employer_live_offers', 3, 'lowest_live_rate', null,
         'borrower_exposure', '0', 'employer_exposure', '12345.67')
       FROM auction`,
      [
        rows.map(({ key }) => key),
        rows.map(({ hash }) => hash),
        rows.map(({ keyId }) => keyId),
        rows.map(({ ciphertext }) => ciphertext),
        rows.map(({ second }) => second),
      ],
    );
  }
  await dataSource.query('ANALYZE');
}

/** As many sorts of borrowers as a day brings: most of them get an offer, some do not fit or are declined. */
function drawn(sample: Sample, key: string, draw: (below: number) => number): Sample {
  const day = (year: number): string => `${String(year)}-${pad(1 + draw(12))}-${pad(1 + draw(28))}`;
  return {
    ...sample,
    key,
    data: {
      ...sample.data,
      issuer_proposal_request_key: key,
      issuer_proposal_request_data: {
        ...sample.data.issuer_proposal_request_data,
        document_number: CPFS[draw(CPFS.length)],
        birth_date: day(1960 + draw(48)),
        admission_date: day(2010 + draw(16)),
        disbursed_issue_amount: (50_000 + draw(2_500_000)) / 100,
        number_of_installments: 6 + draw(43),
        consigned_credit_balance: (5_000 + draw(250_000)) / 100,
      },
    },
  };
}
const pad = (value: number): string => String(value).padStart(2, '0');
