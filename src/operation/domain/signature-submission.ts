import { z } from 'zod';
import { Cpf, isJsonObject, type JsonValue } from '../../kernel';
import type { RequestProblem, RequestReading } from './resubmission';

const text = (most: number) => z.string().trim().min(1, 'não pode ficar vazio').max(most);
const md5 = z.string().regex(/^[0-9a-f]{32}$/i, 'informe o MD5 em hexadecimal');
/** QI prints it without a zone. */
const timestamp = z
  .string()
  .regex(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/, 'informe data e hora, AAAA-MM-DD HH:MM:SS');

const signer = z.strictObject({
  name: text(200),
  email: z.email('informe um e-mail'),
  phone: z.strictObject({
    country_code: z.string().regex(/^\d{2,3}$/),
    area_code: z.string().regex(/^\d{2}$/),
    number: z.string().regex(/^\d{8,9}$/),
  }),
  document_number: z.string().regex(/^\d{11}$/, 'informe o CPF, 11 dígitos'),
});
const signedDocument = z.strictObject({ document_key: z.uuid(), document_md5: md5, raw_text: text(20_000) });

const signature = z.discriminatedUnion('authentication_type', [
  z.strictObject({
    authentication_type: z.literal('opt_in'),
    signer,
    signed_object: signedDocument,
    authenticity: z.strictObject({
      timestamp,
      ip_address: z.union([z.ipv4(), z.ipv6()], 'informe o endereço IP de quem assinou'),
      session_id: z.uuid().optional(),
      fingerprint: z.record(z.string(), z.unknown()).optional(),
    }),
  }),
  z.strictObject({
    authentication_type: z.literal('zip'),
    signer,
    signed_object: signedDocument,
    authenticity: z.strictObject({ timestamp, document_key: z.uuid(), document_md5: md5 }),
  }),
  z.strictObject({
    authentication_type: z.literal('selfie'),
    signer,
    signed_object: z.strictObject({ raw_text: text(20_000) }),
    authenticity: z.strictObject({ timestamp, facial_recognition_key: z.uuid() }),
  }),
]);

/** A signature that we have collected, as QI takes it (manual 004, formalisation). */
export const signatureSubmissionSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('pdf-signature'),
    'path-pdf-signed': z.url({ protocol: /^https$/, error: 'informe um endereço https' }),
  }),
  z.strictObject({ type: z.literal('data-signature'), signatures: z.array(signature).min(1).max(10) }),
]);

/**
 * Checks QI's own body before anything is sent: evidence that is not complete, or of somebody else, is found out weeks later.
 * @param borrowerCpf undefined while the operation is not linked: then no signer can be checked
 */
export function readSignatureSubmission(
  body: JsonValue | undefined,
  borrowerCpf: Cpf | undefined,
): RequestReading {
  const read = signatureSubmissionSchema.safeParse(body);
  if (!read.success) {
    const problems = read.error.issues.map(({ path, message }) => ({ path: path.join('.'), message }));
    return { kind: 'invalid', problems };
  }
  const signatures = read.data.type === 'data-signature' ? read.data.signatures : [];
  const problems = signatures.flatMap((each, index): RequestProblem[] => {
    const path = `signatures.${String(index)}.signer.document_number`;
    if (borrowerCpf === undefined) return [{ path, message: 'o CPF do trabalhador ainda não é conhecido' }];
    return Cpf.parse(each.signer.document_number)?.equals(borrowerCpf) === true
      ? []
      : [{ path, message: 'quem assina deve ser o próprio trabalhador: o CPF é outro' }];
  });
  if (problems.length > 0 || !isJsonObject(body)) return { kind: 'invalid', problems };
  return { kind: 'valid', body };
}
