import { Decimal } from '../kernel';
import type { AuthorizationRules } from '../operation/domain';
import type { PolicyVersion } from '../policy';

/** The active policy's say on signatures, in the operation's words; undefined when it leaves all of them to people. */
export function authorizationRules({ version, compiled }: PolicyVersion): AuthorizationRules | undefined {
  const section = compiled.policy.authorization;
  if (section.mode === 'manual') return undefined;
  return {
    version,
    faceValidationScore: atLeast(section.minimum_face_validation_score),
    documentFaceMatchScore: atLeast(section.minimum_document_face_match_score),
    acceptedLiveness: [section.required_liveness],
    onFraudFlag: section.reject_fraud_flag ? 'cancel' : 'person',
    onForeignSigner: 'person',
    sampledShare: new Decimal(section.sampled_share),
  };
}

/** Below it a person looks; no score alone cancels a signed loan. */
function atLeast(minimum: number): AuthorizationRules['faceValidationScore'] {
  return { automaticFrom: new Decimal(minimum), cancelBelow: undefined };
}
