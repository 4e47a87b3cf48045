/** Words for what people see before they decide about money. */

import type { Words } from '../../../src/words';

/** What a signature is proven with. */
export const CHECK: Words = {
  face_validation_score: 'Score facial',
  document_face_match_score: 'Documento e face',
  liveness: 'Prova de vida',
  fraud_base: 'Base de fraudes',
  signer: 'Quem assinou',
  contract: 'CCB assinada',
};

/** What was seen of those that have no score. */
export const CHECK_VALUE: Readonly<Record<string, Words>> = {
  liveness: { live: 'aprovada', spoof: 'reprovada' },
  fraud_base: { true: 'consta', false: 'não consta' },
  signer: { true: 'o trabalhador', false: 'outra pessoa' },
  contract: { true: 'sim', false: 'não' },
};
