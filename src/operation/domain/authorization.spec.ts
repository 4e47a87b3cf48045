import fc from 'fast-check';
import { Cpf, Decimal } from '../../kernel';
import { authorizationChecks } from './authorization-checks';
import { decideAuthorization, type AuthorizationCase, type AuthorizationRules } from './authorization';
import { readAuthorizationEvidence } from './authorization-evidence';
import type { SignerEvidence } from './operation-event';

const borrower = Cpf.parse('52998224725');
const rules: AuthorizationRules = {
  version: '1',
  faceValidationScore: { automaticFrom: new Decimal(70), cancelBelow: new Decimal(20) },
  documentFaceMatchScore: { automaticFrom: new Decimal(80), cancelBelow: undefined },
  acceptedLiveness: ['live'],
  onFraudFlag: 'cancel',
  onForeignSigner: 'person',
  sampledShare: new Decimal('0.05'),
};
const clean: SignerEvidence = {
  cpf: borrower,
  faceValidationScore: new Decimal(70),
  faceValidationAvailable: true,
  fraudBaseFlag: false,
  documentFaceMatchScore: new Decimal(80),
  livenessResult: 'live',
  signedAtText: undefined,
};
const caseOf = (
  signer: Partial<SignerEvidence> = {},
  changes: Partial<AuthorizationCase> = {},
): AuthorizationCase => ({
  evidence: { signers: [{ ...clean, ...signer }], hasSignedContract: true },
  borrowerCpf: borrower,
  historyIsContradictory: false,
  sampleDraw: new Decimal('0.5'),
  ...changes,
});

describe('authorization', () => {
  it('is automatic when everything is there and at its limit', () => {
    expect(decideAuthorization(caseOf(), rules)).toEqual({ kind: 'automatic' });
  });

  it.each<[Partial<SignerEvidence>, string, 'person' | 'cancel']>([
    [{ cpf: undefined }, 'signer_document_missing', 'person'],
    [{ cpf: Cpf.parse('11144477735') }, 'signer_is_not_borrower', 'person'],
    [{ faceValidationScore: undefined }, 'face_score_missing', 'person'],
    [{ faceValidationAvailable: false }, 'face_score_missing', 'person'],
    [{ faceValidationAvailable: undefined }, 'face_score_missing', 'person'],
    [{ faceValidationScore: new Decimal('69.99') }, 'face_score_low', 'person'],
    [{ faceValidationScore: new Decimal(20) }, 'face_score_low', 'person'],
    [{ faceValidationScore: new Decimal('19.99') }, 'face_score_low', 'cancel'],
    [{ documentFaceMatchScore: undefined }, 'document_score_missing', 'person'],
    [{ documentFaceMatchScore: new Decimal(0) }, 'document_score_low', 'person'],
    [{ livenessResult: undefined }, 'liveness_not_proven', 'person'],
    [{ livenessResult: 'spoof' }, 'liveness_not_proven', 'person'],
    [{ fraudBaseFlag: undefined }, 'fraud_flag_missing', 'person'],
    [{ fraudBaseFlag: true }, 'fraud_flagged', 'cancel'],
  ])('with %j doubts %s and leaves it to %s', (signer, doubt, kind) => {
    expect(decideAuthorization(caseOf(signer), rules)).toEqual({ kind, doubts: [doubt] });
  });

  it.each<[Partial<AuthorizationCase>, string]>([
    [{ evidence: undefined }, 'evidence_missing'],
    [{ evidence: { signers: [], hasSignedContract: true } }, 'evidence_missing'],
    [{ evidence: { signers: [clean], hasSignedContract: false } }, 'contract_missing'],
    [{ borrowerCpf: undefined }, 'borrower_unknown'],
    [{ historyIsContradictory: true }, 'history_contradictory'],
    [{ sampleDraw: new Decimal('0.0499') }, 'sampled'],
  ])('with %j goes to a person for %s', (changes, doubt) => {
    expect(decideAuthorization(caseOf({}, changes), rules)).toEqual({ kind: 'person', doubts: [doubt] });
  });

  it('looks at every signer', () => {
    const evidence = { signers: [clean, { ...clean, fraudBaseFlag: true }], hasSignedContract: true };
    expect(decideAuthorization(caseOf({}, { evidence }), rules)).toEqual({
      kind: 'cancel',
      doubts: ['fraud_flagged'],
    });
  });

  it('is never automatic when any single piece of evidence is missing', () => {
    const fields = Object.keys(clean).filter((field) => field !== 'signedAtText');
    fc.assert(
      fc.property(fc.subarray(fields, { minLength: 1 }), (missing) => {
        const spoiled = Object.fromEntries(missing.map((field) => [field, undefined]));
        expect(decideAuthorization(caseOf(spoiled), rules).kind).not.toBe('automatic');
      }),
    );
  });
});

describe('what people see before they authorize', () => {
  it('is each thing against what the policy wants, and nothing without evidence', () => {
    const signer = {
      faceValidationScore: new Decimal('69.5'),
      documentFaceMatchScore: undefined,
      livenessResult: 'spoof',
    };
    expect(authorizationChecks(caseOf(signer), rules)).toEqual([
      { name: 'face_validation_score', observed: '69.5', required: '70', passes: false },
      { name: 'document_face_match_score', observed: null, required: '80', passes: false },
      { name: 'liveness', observed: 'spoof', required: 'live', passes: false },
      { name: 'fraud_base', observed: 'false', required: 'false', passes: true },
      { name: 'signer', observed: 'true', required: 'true', passes: true },
      { name: 'contract', observed: 'true', required: 'true', passes: true },
    ]);
    expect(authorizationChecks(caseOf({}, { evidence: undefined }), rules)).toEqual([]);
  });

  it('passes in all of them exactly where the policy would authorize', () => {
    const some = fc.record(
      {
        faceValidationScore: fc.constantFrom(undefined, new Decimal(69), new Decimal(70)),
        faceValidationAvailable: fc.constantFrom(undefined, false, true),
        fraudBaseFlag: fc.constantFrom(undefined, false, true),
        documentFaceMatchScore: fc.constantFrom(undefined, new Decimal(79), new Decimal(80)),
        livenessResult: fc.constantFrom(undefined, 'spoof', 'live'),
        cpf: fc.constantFrom(undefined, borrower, Cpf.parse('11144477735')),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(some, (signer) => {
        const passes = authorizationChecks(caseOf(signer), rules).every((check) => check.passes);
        expect(passes).toBe(decideAuthorization(caseOf(signer), rules).kind === 'automatic');
      }),
    );
  });
});

describe('the reservation query about a lost authorization', () => {
  const page = (...statuses: string[]) =>
    JSON.stringify({ data: statuses.map((reservation_status) => ({ reservation_status })), pagination: {} });

  it.each([
    [page('authorized'), 'authorized'],
    [page('RESERVED'), 'authorized'],
    [page('canceled', 'pending_reservation'), 'authorized'],
    [page('pending_requester_authorization'), 'not_authorized'],
    [page('pending_requester_authorization', 'canceled'), 'unclear'],
    [page('canceled'), 'unclear'],
    [page('something_new'), 'unclear'],
    [page(), 'unclear'],
    [`[${page('pending_requester_authorization')},${page('reserved')}]`, 'authorized'],
    [
      '{"data":[{"reservation_status":"pending_requester_authorization"}],"pagination":{"next_page":2}}',
      'unclear',
    ],
    [
      '{"data":[{"reservation_status":"pending_requester_authorization"}],"pagination":{"next_page":null}}',
      'not_authorized',
    ],
    ['not json', 'unclear'],
    ['{"data":{"reservation_status":null}}', 'unclear'],
  ])('%s is %s', (body, finding) => {
    expect(readAuthorizationEvidence(body)).toBe(finding);
  });
});
