import { QueryObserver, useQueryClient } from '@tanstack/react-query';
import {
  Activity,
  createContext,
  use,
  useCallback,
  useEffect,
  useMemo,
  useRef,
  useState,
  type ReactNode,
} from 'react';
import { api, bodyOf, whenSessionIsAnother, whenSignedOut, type Session } from '../api/client';
import { ApiProblem } from '../api/problem';
import { homeOf } from '../shell/places';
import { apiToken, keepApiToken, keepCsrfToken } from './session';
import { SIGN_IN_PATH, SignInPage } from './sign-in-page';
import { isAnythingUnsaved } from './unsaved';
import { WelcomePage } from './welcome-page';

interface SessionControls {
  readonly session: Session;
  readonly may: (permission: string) => boolean;
  /** @throws when the session goes on: only the service can take its cookie away. */
  readonly signOut: () => Promise<void>;
}

const SessionContext = createContext<SessionControls | undefined>(undefined);

/** The signed-in person. Only for what is inside the provider, which shows nothing else to strangers. */
export function useSession(): SessionControls {
  const controls = use(SessionContext);
  if (controls === undefined) throw new Error('outside of the session');
  return controls;
}

interface State {
  readonly kind: 'asking' | 'stranger' | 'unreachable' | 'known';
  /** Whose pages there are. While nobody is known they are hidden, with what was begun on them, and wait for the same person. */
  readonly session?: Session | undefined;
  /** The address of what waits. */
  readonly href?: string;
  /** Somebody was in, and the service knows them no more. */
  readonly hasEnded?: boolean;
}

/** Asks who is signed in and shows the pages to them, the sign-in to everybody else. */
export function SessionProvider({ children }: { readonly children: ReactNode }) {
  const [state, setState] = useState<State>({ kind: 'asking' });
  const latest = useRef(state);
  const put = useCallback((next: State) => {
    latest.current = next;
    setState(next);
  }, []);
  const queries = useQueryClient();

  const forget = useCallback(
    (rest: Omit<State, 'kind'> = {}) => {
      keepApiToken(null);
      keepCsrfToken(null);
      if (rest.session === undefined) queries.clear();
      put({ ...rest, kind: 'stranger' });
    },
    [queries, put],
  );

  const end = useCallback(() => {
    const { kind, session, ...rest } = latest.current;
    if (kind !== 'known') forget({ session, ...rest });
    else if (isAnythingUnsaved()) forget({ session, href: window.location.href, hasEnded: true });
    else forget({ hasEnded: true });
  }, [forget]);

  const ask = useCallback(
    async (hasJustSignedIn = false) => {
      try {
        const session = await bodyOf(api.GET('/api/v1/session'));
        keepCsrfToken(session.csrf_token);
        comeIn(session, latest.current, hasJustSignedIn);
        if (latest.current.session?.actor !== session.actor) queries.clear();
        put({ kind: 'known', session });
      } catch (error) {
        if (error instanceof ApiProblem && error.isPassing) put({ ...latest.current, kind: 'unreachable' });
        else end();
      }
    },
    [queries, put, end],
  );

  useEffect(() => {
    whenSignedOut(end);
    whenSessionIsAnother(ask);
    void ask();
  }, [ask, end]);

  useEffect(() => {
    if (state.kind !== 'unreachable') return undefined;
    const again = setTimeout(() => void ask(), 2_000);
    return () => {
      clearTimeout(again);
    };
  }, [state, ask]);

  const { session } = state;
  const keepsWork = state.kind !== 'known' && session !== undefined;
  useWaiting(keepsWork, ask);

  const controls = useMemo<SessionControls | undefined>(
    () =>
      session && {
        session,
        may: (permission) => session.permissions.includes(permission),
        signOut: async () => {
          if (apiToken() === null) await endSession().catch(unlessItIsOver);
          forget();
        },
      },
    [session, forget],
  );

  if (window.location.pathname === '/welcome') return <WelcomePage />;
  return (
    <>
      {controls !== undefined && (
        <Activity key={controls.session.actor} mode={keepsWork ? 'hidden' : 'visible'}>
          <SessionContext value={controls}>{children}</SessionContext>
        </Activity>
      )}
      {state.kind !== 'known' && state.kind !== 'asking' && (
        <SignInPage
          isUnreachable={state.kind === 'unreachable'}
          hasEnded={state.hasEnded === true}
          keepsWork={keepsWork}
          onSignedIn={() => void ask(true)}
        />
      )}
    </>
  );
}

/** To where their work begins, or back to where it waits for them. */
function comeIn({ actor, roles }: Session, before: State, hasJustSignedIn: boolean): void {
  const { href, pathname } = window.location;
  if (before.href !== undefined && before.session?.actor === actor) {
    if (before.href !== href) window.history.replaceState(null, '', before.href);
  } else if (pathname === SIGN_IN_PATH || (hasJustSignedIn && pathname === '/'))
    window.history.replaceState(null, '', homeOf(roles));
}

/**
 * While work waits behind the door: the page is not left without a question, what it was drawn from is not thrown away,
 * and whoever signs in by another window is let in here too.
 */
function useWaiting(isWaiting: boolean, ask: () => Promise<void>): void {
  const queries = useQueryClient();
  useEffect(() => {
    if (!isWaiting) return undefined;
    const held = queries
      .getQueryCache()
      .getAll()
      .map(({ queryKey }) =>
        new QueryObserver(queries, { queryKey, enabled: false }).subscribe(() => undefined),
      );
    const stay = (leaving: Event): void => {
      leaving.preventDefault();
    };
    const look = (): void => void ask();
    window.addEventListener('beforeunload', stay);
    window.addEventListener('focus', look);
    return () => {
      for (const letGo of held) letGo();
      window.removeEventListener('beforeunload', stay);
      window.removeEventListener('focus', look);
    };
  }, [isWaiting, queries, ask]);
}

/** Twice where another tab has signed in since: the session is another then, and its token is known by now. */
async function endSession(): Promise<void> {
  try {
    await api.DELETE('/api/v1/session');
  } catch (error) {
    if (!(error instanceof ApiProblem) || error.type !== 'csrf') throw error;
    await api.DELETE('/api/v1/session');
  }
}

function unlessItIsOver(error: unknown): void {
  if (!(error instanceof ApiProblem) || error.status !== 401) throw error;
}
