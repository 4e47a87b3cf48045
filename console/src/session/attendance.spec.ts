import { Attendance, UNATTENDED } from './attendance';

describe('whether anybody is there', () => {
  it('is asked of the page: one request after each touch is a person’s, the others are its own', () => {
    const [page, attendance] = [new EventTarget(), new Attendance()];
    attendance.watch(page);
    const isUnattended = (method = 'GET'): boolean => {
      const headers = new Headers();
      attendance.mark(headers, method);
      return headers.has(UNATTENDED);
    };
    expect([isUnattended(), isUnattended(), isUnattended()]).toEqual([false, true, true]);
    for (const touch of ['pointerdown', 'keydown', 'wheel']) {
      page.dispatchEvent(new Event(touch));
      expect([isUnattended(), isUnattended()]).toEqual([false, true]);
    }
    page.dispatchEvent(new Event('pointermove'));
    expect([isUnattended(), isUnattended('POST')]).toEqual([true, false]);
  });
});
