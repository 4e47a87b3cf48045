import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { api, bodyOf, type Alert } from '../api/client';

const POLL_MS = 10_000;
const WANTED = 'arremate.avisos';

/** What people are told of now and lately. */
export function useAlerts() {
  return useQuery({
    queryKey: ['alerts'],
    queryFn: () => bodyOf(api.GET('/api/v1/alerts')),
    refetchInterval: POLL_MS,
    refetchIntervalInBackground: true,
  });
}

const isPossible = (): boolean => 'Notification' in window;

/** Whether this browser was asked to tell, and may. */
export function areNoticesOn(): boolean {
  return isPossible() && Notification.permission === 'granted' && localStorage.getItem(WANTED) === '1';
}

/** Tells by the browser, or is not wanted to any more: those of phones have notices, but not for a page. */
function tell(body: string, tag: string): void {
  try {
    new Notification('Arremate', { body, tag });
  } catch {
    localStorage.setItem(WANTED, '0');
  }
}

/** @returns whether it is so afterwards: the person may refuse, and the browser be unable. */
export async function switchNotices(isWanted: boolean): Promise<boolean> {
  localStorage.setItem(WANTED, isWanted ? '1' : '0');
  if (isWanted && isPossible()) await Notification.requestPermission();
  if (isWanted && areNoticesOn()) tell('Os avisos aparecem assim.', 'switched on');
  return areNoticesOn();
}

/** Tells by the browser what began or became critical since this page was opened; what was there before is on the page. */
export function BrowserNotices() {
  const open = useAlerts().data?.open;
  const known = useRef<ReadonlyMap<string, Alert['severity']>>(undefined);
  useEffect(() => {
    if (open === undefined) return;
    const before = known.current;
    known.current = new Map(open.map(({ id, severity }) => [id, severity]));
    if (before === undefined || !areNoticesOn()) return;
    for (const { id, severity, line } of open) {
      const told = before.get(id);
      const isWorse = severity === 'critical' && told !== 'critical';
      // A browser that still shows a tag says nothing of a second one.
      if (told === undefined || isWorse) tell(line, `${id} ${severity}`);
    }
  }, [open]);
  return null;
}
