import { encode } from 'uqr';

/** White around the modules, in modules: without it cameras do not find them. */
const QUIET = 4;
/** Damage that the code survives: smudges and reflections on a screen. */
const CORRECTION = 'M';

/** A text for a camera: dark on white whatever the page's colours, as readers expect. */
export function QrCode({
  text,
  label,
  size,
}: {
  readonly text: string;
  /** What it is, for whoever does not see it. */
  readonly label: string;
  readonly size: number;
}) {
  const { data } = encode(text, { ecc: CORRECTION, border: 0 });
  const side = data.length + 2 * QUIET;
  return (
    <svg
      role="img"
      aria-label={label}
      width={size}
      height={size}
      viewBox={`${String(-QUIET)} ${String(-QUIET)} ${String(side)} ${String(side)}`}
      shapeRendering="crispEdges"
    >
      <rect x={-QUIET} y={-QUIET} width={side} height={side} rx={1} fill="#ffffff" />
      <path fill="#000000" d={outline(data)} />
    </svg>
  );
}

/** A square for every dark module. */
function outline(modules: readonly (readonly boolean[])[]): string {
  return modules
    .flatMap((row, y) => row.map((isDark, x) => (isDark ? `M${String(x)} ${String(y)}h1v1h-1z` : '')))
    .join('');
}
