import { z } from 'zod';
import { Decimal } from '../kernel';
import type { ReversalCharge } from './ports';

const stored = z.object({
  amount: z.string().nullable(),
  expires_on: z.string().nullable(),
  copy_paste_pix: z.string().nullable(),
  qr_code_url: z.string().nullable(),
});
export type StoredCharge = z.output<typeof stored>;

/** As the timeline keeps it: it names nobody. */
export function storedCharge(charge: ReversalCharge): StoredCharge {
  return {
    amount: charge.amount?.toFixed(2) ?? null,
    expires_on: charge.expiresOn ?? null,
    copy_paste_pix: charge.copyPastePix ?? null,
    qr_code_url: charge.qrCodeUrl ?? null,
  };
}

/** @returns null for a summary that holds no charge */
export function chargeIn(summary: unknown): StoredCharge | null {
  const read = stored.safeParse(summary);
  if (!read.success) return null;
  const { amount } = read.data;
  return { ...read.data, amount: amount === null ? null : new Decimal(amount).toFixed(2) };
}
