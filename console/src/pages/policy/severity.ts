/** What becomes of a request when a rule does not hold: in a word, its colour, and in full. */
export const SEVERITY: Readonly<Record<string, readonly [word: string, color: string, full: string]>> = {
  decline: ['recusa', 'red', 'Recusa'],
  review: ['pede pessoa', 'orange', 'Pede uma pessoa (no leilão: não oferta)'],
  flag: ['sinaliza', 'yellow', 'Só sinaliza; oferta mesmo assim'],
};
