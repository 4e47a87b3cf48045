import { lazy, Suspense } from 'react';
import type { ChartProps } from './chart';

const Chart = lazy(() => import('./chart').then(({ Chart: chart }) => ({ default: chart })));
const HEIGHT = 280;

/** A chart whose drawing is loaded after the page, which has more to say than it. */
export function LaterChart({ height = HEIGHT, ...props }: ChartProps) {
  return (
    <Suspense fallback={<div aria-busy style={{ height }} />}>
      <Chart height={height} {...props} />
    </Suspense>
  );
}
