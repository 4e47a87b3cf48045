import type { ReactNode } from 'react';

interface ScrollProps {
  /** What scrolls, for who cannot see it. */
  readonly label: string;
  readonly children: ReactNode;
}

/** What may be wider than the screen scrolls on its own; the keyboard reaches it too. */
export function Scroll({ label, children }: ScrollProps) {
  return (
    <div className="scroll" tabIndex={0} role="group" aria-label={label}>
      {children}
    </div>
  );
}
