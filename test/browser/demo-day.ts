import { waitFor } from '../support/wait-for';
import type { ConsoleWorld } from './console-world';

/** Auctions come one after the other; for pictures many, and slowly enough for any machine, so that none is missed. */
const PACE = {
  test: { auctions: 20, pauseMs: 20, windowSeconds: 5 },
  picture: { auctions: 70, pauseMs: 250, windowSeconds: 20 },
};
/** Seconds that auctions have left when everybody looks: QI grants between 30 and 120. */
const STILL_OPEN = [45, 60, 90, 120];

/** Loans whose fate is interesting to look at; everybody else's is drawn by the sandbox. */
const LOANS = [
  { signature: 'never' },
  { signature: 'face_validation_score' },
  { evidence: { face_validation_score: 41 } },
  { evidence: { fraud_base_flag: true } },
  { reservation: ['margin_exceeded', 'never'] },
  { reservation: ['never'] },
  { disbursement: ['ted_refusal', 'never'] },
  { disbursement: ['pix_refusal', 'never'] },
  { disbursement: ['never'] },
] as const;

export interface DemoDay {
  readonly wonAuction: string;
  readonly declinedAuction: string;
  readonly disbursedOperation: string;
  readonly failedOperation: string;
}

/** What a busy day leaves behind: auctions of every outcome, loans in every state, and work for people. */
export async function demoDay(world: ConsoleWorld, pace: keyof typeof PACE): Promise<DemoDay> {
  const { auctions, pauseMs, windowSeconds } = PACE[pace];
  world.sandbox.control.setBehaviour({ pace: { window_seconds: windowSeconds } });
  const { control } = world.sandbox;
  for (const loan of LOANS) world.openAuction({ loan: structuredClone(loan) as object });
  const declined = control.openAuction({ borrower: 'short_tenure' }).key;
  for (let i = 0; i < auctions; i += 1) {
    control.openAuction({});
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
  const won = world.openAuction({ loan: {} });
  control.openAuction({ print: { data: { inclusion_limit_datetime: 'soon' } } });
  for (const seconds of STILL_OPEN) control.openAuction({ borrower: 'clean', window_seconds: seconds });
  const { credit_operation_key: disbursed } = await world.auctionBecomes(won, 'won');
  await world.operationBecomes(String(disbursed), 'disbursed');
  await world.auctionBecomes(declined, 'declined');
  const failed = await waitFor('a payment that failed', async () => {
    const { body } = await world.door.master('GET', '/api/v1/operations?status=disbursement_failed');
    return (body['items'] as { credit_operation_key: string }[])[0]?.credit_operation_key;
  });
  await draftPolicy(world, 'Consignado privado: taxas de dezembro');
  return {
    wonAuction: won,
    declinedAuction: declined,
    disbursedOperation: String(disbursed),
    failedOperation: failed,
  };
}

async function draftPolicy(world: ConsoleWorld, name: string): Promise<void> {
  const { master } = world.door;
  const { body, headers } = await master('POST', '/api/v1/policies', {});
  const document = { ...(body['document'] as object), name };
  const match = { 'if-match': String(headers['etag']) };
  const saved = await master('PUT', `/api/v1/policies/${String(body['number'])}`, { document }, match);
  if (saved.status !== 200) throw new Error(JSON.stringify(saved.body));
}
