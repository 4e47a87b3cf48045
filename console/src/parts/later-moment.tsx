import { Skeleton } from '@mantine/core';
import { lazy, Suspense } from 'react';
import type { MomentInputProps } from './moment-input';

const MomentInput = lazy(() => import('./moment-input').then((input) => ({ default: input.MomentInput })));

/** A moment to be chosen, whose calendar is loaded once it is asked for: few who open a page need one. */
export function LaterMoment(props: MomentInputProps) {
  return (
    <Suspense fallback={<Skeleton height={60} />}>
      <MomentInput {...props} />
    </Suspense>
  );
}
