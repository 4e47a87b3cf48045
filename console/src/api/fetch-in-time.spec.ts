import { fetchInTime } from './fetch-in-time';

describe('fetchInTime', () => {
  let asked: RequestInit[];
  beforeEach(() => {
    jest.useFakeTimers();
    asked = [];
    jest.spyOn(globalThis, 'fetch').mockImplementation((_, init = {}) => {
      asked.push(init);
      return new Promise((_answer, refuse) => {
        init.signal?.addEventListener('abort', () => {
          refuse(new Error('aborted'));
        });
      });
    });
  });
  afterEach(() => {
    jest.restoreAllMocks();
    jest.useRealTimers();
  });

  const givenUpAfter = async (request: Request): Promise<number> => {
    const began = Date.now();
    const answer = fetchInTime(request).then(
      () => -1,
      () => Date.now() - began,
    );
    await jest.runAllTimersAsync();
    return answer;
  };
  const post = (type: string) =>
    new Request('http://here/', { method: 'POST', headers: { 'content-type': type }, body: 'x' });

  it('gives up what nobody answers, a file later than a question', async () => {
    expect(await givenUpAfter(new Request('http://here/'))).toBe(60_000);
    expect(await givenUpAfter(post('application/json'))).toBe(60_000);
    expect(await givenUpAfter(post('text/csv'))).toBe(180_000);
    expect(await givenUpAfter(post('image/jpeg'))).toBe(180_000);
  });

  it('lets the body of an answer that has begun take its time', async () => {
    jest.spyOn(globalThis, 'fetch').mockImplementation((_, init = {}) => {
      asked.push(init);
      return Promise.resolve(new Response('x'));
    });
    const answer = await fetchInTime(new Request('http://here/'));
    await jest.advanceTimersByTimeAsync(600_000);
    expect(asked[0]?.signal?.aborted).toBe(false);
    expect(await answer.text()).toBe('x');
  });
});
