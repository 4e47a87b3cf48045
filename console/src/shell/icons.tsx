import type { SVGProps } from 'react';

/** Line drawings of one weight. Decoration: the word is always beside them. */
const PATHS = {
  live: 'M3 12h4l3-8 4 16 3-8h4',
  history: 'M4 6h16M4 12h16M4 18h10',
  charts: 'M5 20V11M12 20V4M19 20v-6',
  results: 'M4 20h16M6 16l4-5 4 3 5-8M15 6h4v4',
  rate: 'M5 19 19 5M7.5 5a2.5 2.5 0 1 1 0 5 2.5 2.5 0 0 1 0-5zM16.5 14a2.5 2.5 0 1 1 0 5 2.5 2.5 0 0 1 0-5z',
  compare: 'M7 4v16M7 4 3 9M7 4l4 5M17 20V4M17 20l-4-5M17 20l4-5',
  explore: 'M4 4h16v16H4zM4 10h16M10 4v16',
  policy: 'M6 3h8l4 4v14H6zM14 3v4h4M9 12h6M9 16h6',
  proposals: 'M3 7h18v10H3zM12 9a3 3 0 1 1 0 6 3 3 0 0 1 0-6z',
  operations: 'M4 12l5 5L20 6',
  health: 'M12 21s-8-5.2-8-11a4.5 4.5 0 0 1 8-2.8A4.5 4.5 0 0 1 20 10c0 5.8-8 11-8 11z',
  exports: 'M12 4v11M7 11l5 5 5-5M5 20h14',
  alert: 'M6 16V11a6 6 0 0 1 12 0v5l2 2H4zM10 21h4',
  search: 'M11 4a7 7 0 1 1 0 14 7 7 0 0 1 0-14zM16.5 16.5 21 21',
  stop: 'M8 3h8l5 5v8l-5 5H8l-5-5V8zM8 12h8',
  sun: 'M12 8a4 4 0 1 1 0 8 4 4 0 0 1 0-8zM12 2v2M12 20v2M2 12h2M20 12h2M5 5l1.4 1.4M17.6 17.6 19 19M5 19l1.4-1.4M17.6 6.4 19 5',
  moon: 'M20 14.5A8.5 8.5 0 0 1 9.5 4 8.5 8.5 0 1 0 20 14.5z',
  person: 'M12 4a4 4 0 1 1 0 8 4 4 0 0 1 0-8zM4 21c0-4 3.6-6 8-6s8 2 8 6',
  clock: 'M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18zM12 7v5l3 2',
  copy: 'M9 9h11v11H9zM5 15H4V4h11v1',
  columns: 'M4 4h16v16H4zM10 4v16M15 4v16',
  bookmark: 'M6 4h12v17l-6-4-6 4z',
  close: 'M6 6l12 12M18 6 6 18',
  more: 'M12 6v.01M12 12v.01M12 18v.01',
  undo: 'M9 14 4 9l5-5M4 9h10a6 6 0 0 1 0 12h-3',
  redo: 'm15 14 5-5-5-5M20 9H10a6 6 0 0 0 0 12h3',
  access: 'M8 11V8a4 4 0 0 1 8 0v3M5 11h14v10H5z',
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({
  name,
  size = 18,
  ...rest
}: { readonly name: IconName; readonly size?: number } & SVGProps<SVGSVGElement>) {
  return (
    <svg
      viewBox="0 0 24 24"
      width={size}
      height={size}
      fill="none"
      stroke="currentColor"
      strokeWidth={1.8}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
      {...rest}
    >
      <path d={PATHS[name]} />
    </svg>
  );
}
