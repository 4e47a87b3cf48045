import type { AuthorizationCase, AuthorizationRules } from './authorization';

/** One thing that a signature was proven with, as it was seen and as the policy wants it. */
export interface AuthorizationCheck {
  readonly name: CheckName;
  readonly observed: string | null;
  /** Of a score: from which on it passes. */
  readonly required: string | null;
  readonly passes: boolean;
}

export const AUTHORIZATION_CHECKS = [
  'face_validation_score',
  'document_face_match_score',
  'liveness',
  'fraud_base',
  'signer',
  'contract',
] as const;
export type CheckName = (typeof AUTHORIZATION_CHECKS)[number];

/** Every signer's checks beside each other: what was observed against what is required. Empty without evidence. */
export function authorizationChecks(
  { evidence, borrowerCpf }: AuthorizationCase,
  rules: AuthorizationRules,
): AuthorizationCheck[] {
  if (evidence === undefined) return [];
  const { faceValidationScore: face, documentFaceMatchScore: document, acceptedLiveness } = rules;
  const signers = evidence.signers.flatMap((signer): AuthorizationCheck[] => [
    score(
      'face_validation_score',
      signer.faceValidationAvailable === true ? signer.faceValidationScore : undefined,
      face,
    ),
    score('document_face_match_score', signer.documentFaceMatchScore, document),
    {
      name: 'liveness',
      observed: signer.livenessResult ?? null,
      required: acceptedLiveness.join(', '),
      passes: signer.livenessResult !== undefined && acceptedLiveness.includes(signer.livenessResult),
    },
    {
      name: 'fraud_base',
      observed: flag(signer.fraudBaseFlag),
      required: 'false',
      passes: signer.fraudBaseFlag === false,
    },
    {
      name: 'signer',
      observed: signer.cpf === undefined ? null : flag(borrowerCpf && signer.cpf.equals(borrowerCpf)),
      required: 'true',
      passes: signer.cpf !== undefined && borrowerCpf !== undefined && signer.cpf.equals(borrowerCpf),
    },
  ]);
  const contract = evidence.hasSignedContract;
  return [...signers, { name: 'contract', observed: flag(contract), required: 'true', passes: contract }];
}

function score(
  name: CheckName,
  observed: AuthorizationRules['sampledShare'] | undefined,
  { automaticFrom }: AuthorizationRules['faceValidationScore'],
): AuthorizationCheck {
  return {
    name,
    observed: observed?.toFixed() ?? null,
    required: automaticFrom.toFixed(),
    passes: observed?.gte(automaticFrom) ?? false,
  };
}

const flag = (value: boolean | undefined): string | null => (value === undefined ? null : String(value));
