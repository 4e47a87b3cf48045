import { Shelf } from './shelf';

describe('Shelf', () => {
  it('forgets the oldest beyond its limit', () => {
    const shelf = new Shelf<number>(() => 2);
    for (const number of [1, 2, 3]) shelf.put(String(number), number);
    expect([shelf.size, shelf.find('1'), shelf.all()]).toEqual([2, undefined, [2, 3]]);
  });

  it('keeps what may not go, and what was just put, even beyond it', () => {
    const shelf = new Shelf<number>(
      () => 1,
      (number) => number % 2 === 0,
    );
    for (const number of [1, 2, 3, 4]) shelf.put(String(number), number);
    expect(shelf.all()).toEqual([1, 3, 4]);
  });
});
