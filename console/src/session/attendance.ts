/** Says of a request that nobody asked for it: it does not keep a session awake (docs/access.md). */
export const UNATTENDED = 'x-unattended';

/** What a person does to a page. A pointer that only moves may do so by itself. */
const TOUCHES = ['pointerdown', 'keydown', 'wheel'] as const;

/** Tells what a person asks for from what a page asks by itself, again and again, also when nobody is there. */
export class Attendance {
  /** Since the last request that counted as a person's. Whoever opens a page is one. */
  #isTouched = true;

  watch(page: EventTarget): void {
    for (const touch of TOUCHES)
      page.addEventListener(
        touch,
        () => {
          this.#isTouched = true;
        },
        { capture: true, passive: true },
      );
  }

  /** Only people change anything. The next request after a touch is theirs, whatever it asks for. */
  mark(headers: Headers, method: string): void {
    if (!this.#isTouched && method === 'GET') headers.set(UNATTENDED, '1');
    else this.#isTouched = false;
  }
}

export const attendance = new Attendance();
