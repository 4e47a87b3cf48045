import type { ReversalCharge } from '../operation';
import { Fields } from './fields';
import { readJsonObject } from './json-bytes';

/** The charge of a reversal: of two pages of QI's with different names for it, whichever speaks. */
export function readReversalCharge(body: string): ReversalCharge | undefined {
  const document = readJsonObject(Buffer.from(body));
  if (document === undefined) return undefined;
  const fields = new Fields(document);
  const code = fields.child('cancel_qr_code');
  const charge = {
    amount: fields.decimal('amount') ?? code.decimal('amount'),
    expiresOn: fields.date('expiration_date') ?? code.date('expiration'),
    copyPastePix: fields.text('copy_paste_pix') ?? code.text('digitable_line'),
    qrCodeUrl: code.text('qr_code_url'),
  };
  return charge.copyPastePix === undefined && charge.qrCodeUrl === undefined ? undefined : charge;
}
