import type { ReactNode } from 'react';

/** Said of a box that scrolls; what is in it has its own name. */
const GOES_ON = 'Continua: use as setas';
/** Fractions of a pixel are no overflow. */
const SLACK_PX = 1;

/** What may be wider than the screen scrolls on its own. */
export function Scroll({ children }: { readonly children: ReactNode }) {
  return (
    <div className="scroll" ref={stopWhereItScrolls}>
      {children}
    </div>
  );
}

/** A ref: the keyboard stops at the box as long as there is something to scroll to, and passes it by else. */
export function stopWhereItScrolls(box: HTMLElement | null): (() => void) | undefined {
  if (box === null) return undefined;
  const sizes = new ResizeObserver(() => {
    markAsStop(box, scrolls(box));
  });
  const observe = (): void => {
    for (const child of [box, ...box.children]) sizes.observe(child);
  };
  const children = new MutationObserver(observe);
  children.observe(box, { childList: true });
  observe();
  return () => {
    sizes.disconnect();
    children.disconnect();
  };
}

const scrolls = (box: HTMLElement): boolean =>
  box.scrollWidth > box.clientWidth + SLACK_PX || box.scrollHeight > box.clientHeight + SLACK_PX;

function markAsStop(box: HTMLElement, isStop: boolean): void {
  const marks = { tabindex: '0', role: 'group', 'aria-label': GOES_ON };
  for (const [name, value] of Object.entries(marks))
    if (isStop) box.setAttribute(name, value);
    else box.removeAttribute(name);
}
