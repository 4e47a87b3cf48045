import { randomUUID } from 'node:crypto';
import { FieldCipher } from '../../src/platform';
import { longestTurn } from '../support/loop-beats';
import { waitFor } from '../support/wait-for';
import { newCpf } from '../support/webhooks';
import { createAccessWorld, MASTER, type AccessWorld } from './access-world';

const AUCTIONS = 2_000;

describe('a file of a whole page of auctions', () => {
  let world: AccessWorld;
  beforeAll(async () => {
    world = await createAccessWorld();
    await manyAuctions(world);
  });
  afterAll(() => world.close());

  async function exported(format: string): Promise<void> {
    const { body } = await world.as(MASTER)('POST', '/api/v1/exports', { format, filter: {} });
    const file = await waitFor('the file', async () => {
      const { body: row } = await world.as(MASTER)('GET', `/api/v1/exports/${String(body['id'])}`);
      return row['status'] === 'done' || row['status'] === 'failed' ? row : undefined;
    });
    expect(file).toMatchObject({ status: 'done', rows_done: AUCTIONS });
  }

  it.each(['csv', 'xlsx'])('of %s keeps no auction of this process waiting', async (format) => {
    await exported(format); // once before: code that is new to the process takes longer
    expect(await longestTurn(() => exported(format), 3)).toBeLessThan(100);
  });
});

async function manyAuctions({ app, dataSource }: AccessWorld): Promise<void> {
  const sealed = Array.from({ length: AUCTIONS }, () => {
    const key = randomUUID();
    const personal = {
      name: 'Maria de Souza',
      cpf: newCpf(),
      birth_date: '1990-01-01',
      registration: '1',
      employer_document_number: '33000167000101',
    };
    return {
      key,
      ...app.get(FieldCipher).encrypt(JSON.stringify(personal), 'auction.personal_ciphertext', key),
    };
  });
  await dataSource.query(
    `WITH sealed AS (
       SELECT * FROM unnest($1::text[], $2::text[], $3::bytea[]) AS sealed (key, key_id, ciphertext)),
     event AS (
       INSERT INTO webhook_event (content_hash, received_at, raw_key_id, raw_ciphertext, status)
       VALUES (sha256('many'), now(), 'none', '', 'done') RETURNING id),
     auction AS (
       INSERT INTO auction (issuer_proposal_request_key, webhook_event_id, status, received_at, inclusion_limit_at, requested_amount,
         requested_installments, consigned_credit_balance, employer_document_type, personal_key_id, personal_ciphertext, rank_position)
       SELECT key, id, 'lost', now(), now(), 2100.5, 24, 192.6, 'cnpj', key_id, ciphertext, 2 FROM sealed, event),
     decision AS (
       INSERT INTO decision (auction_key, decided_at, outcome, policy_version, policy_hash, reasons, trace)
       SELECT key, now(), 'bid', '7', 'h', '[{"code": "AMOUNT_TOO_HIGH"}]', '{}' FROM sealed)
     INSERT INTO bid (request_control_key, auction_key, ordinal, status, monthly_interest_rate, number_of_installments,
       disbursed_issue_amount, installment_face_value, issue_amount, assignment_amount, iof_amount, monthly_cet,
       disbursement_date, first_due_date, days_to_expiration, rebates, price_row, submit_by, created_at, submitted_at)
     SELECT gen_random_uuid(), key, 1, 'accepted', 0.0249, 24, 2100.5, 149.39, 2100.5, 2100.5, 0, 0.0271, now(), now(), 7, '[]', 'row',
       now(), now(), now() FROM sealed`,
    [
      sealed.map(({ key }) => key),
      sealed.map(({ keyId }) => keyId),
      sealed.map(({ ciphertext }) => ciphertext),
    ],
  );
}
