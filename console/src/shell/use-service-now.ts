import { useInterval } from '@mantine/hooks';
import { useCallback, useState } from 'react';
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

/** Says the service's time when it is asked, for what a press writes down. */
export function useServiceClock(): () => number {
  const { clockAheadMs } = useLive();
  return useCallback(() => Date.now() + clockAheadMs, [clockAheadMs]);
}
