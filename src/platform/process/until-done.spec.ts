import { untilDone } from './until-done';

const waits = { baseMs: 1, maxMs: 1 };
const failing = (times: number) => () =>
  times-- > 0 ? Promise.reject(new Error(`${times} left`)) : Promise.resolve('done');

it('tries until it goes well, and tells each failure', async () => {
  const told: unknown[] = [];
  const onFailure = (error: unknown, failures: number) =>
    void told.push([(error as Error).message, failures]);
  expect(await untilDone(failing(2), { waits, onFailure })).toBe('done');
  expect(told).toEqual([
    ['1 left', 1],
    ['0 left', 2],
  ]);
});

it('is given up by whoever looks at the failure', async () => {
  const onFailure = (error: unknown, failures: number) => {
    if (failures === 3) throw error;
  };
  await expect(untilDone(failing(9), { waits, onFailure })).rejects.toThrow('6 left');
});

it('waits no longer once it is told to', async () => {
  const stopping = new AbortController();
  const onFailure = () => {
    stopping.abort();
  };
  const forEver = { baseMs: 1_000_000, maxMs: 1_000_000 };
  expect(await untilDone(failing(1), { waits: forEver, onFailure, signal: stopping.signal })).toBe('done');
});
