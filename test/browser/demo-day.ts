import { waitFor } from '../support/wait-for';
import type { ConsoleWorld } from './console-world';

const AUCTIONS = 70;
const PAUSE_MS = 40;

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
export async function demoDay(world: ConsoleWorld): Promise<DemoDay> {
  const { control } = world.sandbox;
  const won = world.openAuction();
  for (const loan of LOANS) world.openAuction({ loan: structuredClone(loan) as object });
  const declined = control.openAuction({ borrower: 'short_tenure' }).key;
  for (let i = 0; i < AUCTIONS; i += 1) {
    control.openAuction({});
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS)); // as they come in life, not all at once
  }
  control.openAuction({ print: { data: { inclusion_limit_datetime: 'soon' } } });
  const { credit_operation_key: disbursed } = await world.auctionBecomes(won, 'won');
  await world.operationBecomes(String(disbursed), 'disbursed');
  await world.auctionBecomes(declined, 'declined');
  const failed = await waitFor('a payment that failed', async () => {
    const { body } = await world.door.master('GET', '/api/v1/operations?status=disbursement_failed');
    return (body['items'] as { credit_operation_key: string }[])[0]?.credit_operation_key;
  });
  return {
    wonAuction: won,
    declinedAuction: declined,
    disbursedOperation: String(disbursed),
    failedOperation: failed,
  };
}
