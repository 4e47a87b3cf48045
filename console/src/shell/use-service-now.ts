import { useInterval } from '@mantine/hooks';
import { useState } from 'react';
import { useLive } from './live-provider';

/** The service's time, in milliseconds since 1970, read again every `tickMs`: the PC's own clock may be minutes off. */
export function useServiceNow(tickMs: number): number {
  const { clockAheadMs } = useLive();
  const [now, setNow] = useState(() => Date.now());
  useInterval(
    () => {
      setNow(Date.now());
    },
    tickMs,
    { autoInvoke: true },
  );
  return now + clockAheadMs;
}
