import type { Cpf, Decimal } from '../../kernel';
import type { SignatureEvidence, SignerEvidence } from './operation-event';

/** From which score on a signature passes by itself, and below which the operation should be cancelled. */
export interface ScoreRule {
  readonly automaticFrom: Decimal;
  /** undefined: a low score is always for a person. */
  readonly cancelBelow: Decimal | undefined;
}

/** The part of the policy that judges signatures. QI does not define the scales of its scores: they are the policy's. */
export interface AuthorizationRules {
  /** Goes on record beside every decision. */
  readonly version: string;
  readonly faceValidationScore: ScoreRule;
  readonly documentFaceMatchScore: ScoreRule;
  /** Values of `liveness.result` that prove a living person, e.g. `live`. */
  readonly acceptedLiveness: readonly string[];
  readonly onFraudFlag: 'person' | 'cancel';
  readonly onForeignSigner: 'person' | 'cancel';
  /** Fraction (0 to 1) of what would pass by itself that a person looks at anyway. */
  readonly sampledShare: Decimal;
}

export const AUTHORIZATION_DOUBTS = [
  'rules_missing',
  'evidence_missing',
  'borrower_unknown',
  'history_contradictory',
  'contract_missing',
  'signer_document_missing',
  'signer_is_not_borrower',
  'face_score_missing',
  'face_score_low',
  'document_score_missing',
  'document_score_low',
  'liveness_not_proven',
  'fraud_flag_missing',
  'fraud_flagged',
  'sampled',
] as const;
export type AuthorizationDoubt = (typeof AUTHORIZATION_DOUBTS)[number];

export interface AuthorizationCase {
  readonly evidence: SignatureEvidence | undefined;
  /** undefined while the operation is not linked to an auction, and where it cannot be opened. */
  readonly borrowerCpf: Cpf | undefined;
  /** The signature failed after this evidence, or QI told us things that cannot both be true. */
  readonly historyIsContradictory: boolean;
  /** In [0, 1), fixed for the operation: the same case is always sampled or never. */
  readonly sampleDraw: Decimal;
}

export type AuthorizationDecision =
  | { readonly kind: 'automatic' }
  | { readonly kind: 'person'; readonly doubts: readonly AuthorizationDoubt[] }
  | { readonly kind: 'cancel'; readonly doubts: readonly AuthorizationDoubt[] };

/**
 * Whether the margin of a person may be bound on this evidence.
 * Everything must be there and pass; whatever is missing, unknown or low goes to a person.
 * The policy may only propose a cancellation: people decide it.
 */
export function decideAuthorization(
  subject: AuthorizationCase,
  rules: AuthorizationRules,
): AuthorizationDecision {
  const doubts = doubtsAbout(subject, rules);
  if (doubts.length > 0) {
    const grave = doubts.some((doubt) => isGrave(doubt, subject, rules));
    return { kind: grave ? 'cancel' : 'person', doubts };
  }
  return subject.sampleDraw.lt(rules.sampledShare)
    ? { kind: 'person', doubts: ['sampled'] }
    : { kind: 'automatic' };
}

function doubtsAbout(subject: AuthorizationCase, rules: AuthorizationRules): AuthorizationDoubt[] {
  const { evidence, borrowerCpf } = subject;
  const doubts = new Set<AuthorizationDoubt>();
  if (subject.historyIsContradictory) doubts.add('history_contradictory');
  if (borrowerCpf === undefined) doubts.add('borrower_unknown');
  if (evidence === undefined || evidence.signers.length === 0) doubts.add('evidence_missing');
  if (evidence?.hasSignedContract === false) doubts.add('contract_missing');
  for (const signer of evidence?.signers ?? []) {
    for (const doubt of doubtsAboutSigner(signer, borrowerCpf, rules)) doubts.add(doubt);
  }
  return [...doubts];
}

function* doubtsAboutSigner(
  signer: SignerEvidence,
  borrowerCpf: Cpf | undefined,
  rules: AuthorizationRules,
): Generator<AuthorizationDoubt> {
  if (signer.cpf === undefined) yield 'signer_document_missing';
  else if (borrowerCpf !== undefined && !signer.cpf.equals(borrowerCpf)) yield 'signer_is_not_borrower';

  if (signer.faceValidationScore === undefined || signer.faceValidationAvailable !== true)
    yield 'face_score_missing';
  else if (signer.faceValidationScore.lt(rules.faceValidationScore.automaticFrom)) yield 'face_score_low';

  if (signer.documentFaceMatchScore === undefined) yield 'document_score_missing';
  else if (signer.documentFaceMatchScore.lt(rules.documentFaceMatchScore.automaticFrom))
    yield 'document_score_low';

  if (signer.livenessResult === undefined || !rules.acceptedLiveness.includes(signer.livenessResult))
    yield 'liveness_not_proven';

  if (signer.fraudBaseFlag === undefined) yield 'fraud_flag_missing';
  else if (signer.fraudBaseFlag) yield 'fraud_flagged';
}

function isGrave(doubt: AuthorizationDoubt, subject: AuthorizationCase, rules: AuthorizationRules): boolean {
  const anyBelow = (limit: Decimal | undefined, scoreOf: (signer: SignerEvidence) => Decimal | undefined) =>
    limit !== undefined &&
    (subject.evidence?.signers ?? []).some((signer) => scoreOf(signer)?.lt(limit) ?? false);
  switch (doubt) {
    case 'fraud_flagged':
      return rules.onFraudFlag === 'cancel';
    case 'signer_is_not_borrower':
      return rules.onForeignSigner === 'cancel';
    case 'face_score_low':
      return anyBelow(rules.faceValidationScore.cancelBelow, (signer) => signer.faceValidationScore);
    case 'document_score_low':
      return anyBelow(rules.documentFaceMatchScore.cancelBelow, (signer) => signer.documentFaceMatchScore);
    default:
      return false;
  }
}
