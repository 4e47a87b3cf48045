import { conformanceAnswer } from './conformance-words';

test.each([
  ['jwt-v2, and we cannot verify it', 'jwt-v2, e não conseguimos conferir'],
  ['refused: HTTP 409, QIT1, There is one', 'recusada: “There is one”'],
  ['refused: HTTP 409', 'recusada: HTTP 409'],
  ['120 s', '120 s'],
  ['won, in the word "won"; as printed', 'com a palavra “won”, como no manual'],
  ['-event_datetime', 'com campos diferentes dos do manual'],
])('%s', (answer, words) => {
  expect(conformanceAnswer(answer)).toBe(words);
});
