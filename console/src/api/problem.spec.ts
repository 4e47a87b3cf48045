import { noConnection, perhapsDone, problemOf, sentenceOf } from './problem';

describe('an answer that is not the one asked for', () => {
  it.each([
    ['none came', noConnection()],
    ['it comes from something between', problemOf(502, undefined, null)],
    [
      'the service does not know how it ended',
      problemOf(500, { type: 'urn:arremate:internal', title: 'x' }, null),
    ],
  ])('leaves open whether a change was made when %s', (_, problem) => {
    expect(problem.isUnanswered).toBe(true);
    expect(sentenceOf(perhapsDone(problem))).toContain('pode ter sido feito');
    expect(perhapsDone(problem)).toMatchObject({ isPassing: true, title: problem.title });
  });

  it.each([
    ['is refused', problemOf(409, { type: 'urn:arremate:wrong_state', title: 'x' }, null)],
    ['is put off', problemOf(503, { type: 'urn:arremate:busy', title: 'x' }, '5')],
  ])('says that it was not when it %s', (_, problem) => {
    expect(problem.isUnanswered).toBe(false);
  });
});
