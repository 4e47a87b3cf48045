import { z } from 'zod';
import { Cpf, parseDecimal, type Decimal } from '../kernel';
import type { SignatureEvidence, SignerEvidence } from './domain';

const decimalText = z
  .string()
  .nullish()
  .transform((text): Decimal | undefined => (text == null ? undefined : parseDecimal(text)));
const flag = z
  .boolean()
  .nullish()
  .transform((value) => value ?? undefined);
const word = z
  .string()
  .nullish()
  .transform((value) => value ?? undefined);

const storedEvidence = z.object({
  has_signed_contract: z.boolean(),
  /** Erased some years after the end of the loan. */
  signers: z
    .array(
      z.object({
        face_validation_score: decimalText,
        face_validation_available: flag,
        fraud_base_flag: flag,
        document_face_match_score: decimalText,
        liveness_result: word,
        signed_at: word,
      }),
    )
    .default([]),
});
const storedCpfs = z.array(z.string().nullable());

/** The evidence as kept: scores and flags stand readable in the timeline, who signed is encrypted. */
export function storeEvidence(evidence: SignatureEvidence): {
  readonly summary: Readonly<Record<string, unknown>>;
  readonly personal?: string;
} {
  const summary = {
    has_signed_contract: evidence.hasSignedContract,
    signers: evidence.signers.map((signer) => ({
      face_validation_score: signer.faceValidationScore?.toFixed(),
      face_validation_available: signer.faceValidationAvailable,
      fraud_base_flag: signer.fraudBaseFlag,
      document_face_match_score: signer.documentFaceMatchScore?.toFixed(),
      liveness_result: signer.livenessResult,
      signed_at: signer.signedAtText,
    })),
  };
  if (evidence.signers.length === 0) return { summary };
  return { summary, personal: JSON.stringify(evidence.signers.map(({ cpf }) => cpf?.reveal() ?? null)) };
}

export function restoreEvidence(summary: unknown, personal: string): SignatureEvidence {
  const { has_signed_contract, signers } = storedEvidence.parse(summary);
  const cpfs = storedCpfs.parse(JSON.parse(personal));
  return {
    hasSignedContract: has_signed_contract,
    signers: signers.map((signer, i): SignerEvidence => {
      const cpf = cpfs[i];
      return {
        cpf: cpf == null ? undefined : Cpf.parse(cpf),
        faceValidationScore: signer.face_validation_score,
        faceValidationAvailable: signer.face_validation_available,
        fraudBaseFlag: signer.fraud_base_flag,
        documentFaceMatchScore: signer.document_face_match_score,
        livenessResult: signer.liveness_result,
        signedAtText: signer.signed_at,
      };
    }),
  };
}
