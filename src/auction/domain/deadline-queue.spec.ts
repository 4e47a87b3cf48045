import fc from 'fast-check';
import { DeadlineQueue } from './deadline-queue';

const job = (key: string, ms: number) => ({ key, limitAt: new Date(ms) });

describe('DeadlineQueue', () => {
  it('gives back everything, earliest limit first, whatever the order of arrival', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(1000)), (limits) => {
        const queue = new DeadlineQueue();
        limits.forEach((ms, i) => queue.add(job(String(i), ms)));
        const taken = Array.from(limits, () => queue.take()?.limitAt.getTime());
        expect(taken).toEqual(limits.toSorted((a, b) => a - b));
        expect(queue.take()).toBeUndefined();
      }),
    );
  });

  it('holds a key once, and takes it again after it was taken', () => {
    const queue = new DeadlineQueue();
    expect(queue.add(job('a', 5))).toBe(true);
    expect(queue.add(job('a', 1))).toBe(false);
    expect(queue.size).toBe(1);
    queue.take();
    expect(queue.add(job('a', 1))).toBe(true);
  });
});
