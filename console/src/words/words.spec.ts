import { actorWord } from './words';

describe('who did something', () => {
  it.each([
    ['user:ana@example.com', 'ana@example.com'],
    ['token:contabilidade#1a2b3c4d', 'token contabilidade#1a2b3c4d'],
    ['policy:2', 'política, versão 2'],
    ['seed', 'primeira partida'],
    ['qi', 'a QI'],
    ['system:recovery', 'o sistema, ao notar a restauração'],
    ['system:unwatched', 'o sistema, sem ninguém a vigiar'],
    ['retention', 'retention'],
  ])('%s is "%s"', (actor, expected) => {
    expect(actorWord(actor)).toBe(expected);
  });
});
