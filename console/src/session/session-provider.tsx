import { useQueryClient } from '@tanstack/react-query';
import { createContext, use, useCallback, useEffect, useMemo, useState, type ReactNode } from 'react';
import { api, bodyOf, whenSignedOut, type Session } from '../api/client';
import { ApiProblem } from '../api/problem';
import { homeOf } from '../shell/places';
import { apiToken, keepApiToken, keepCsrfToken } from './session';
import { SIGN_IN_PATH, SignInPage } from './sign-in-page';
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

type State =
  | { readonly kind: 'asking' }
  | { readonly kind: 'stranger' }
  | { readonly kind: 'unreachable' }
  | { readonly kind: 'known'; readonly session: Session };

/** Asks who is signed in and shows the pages to them, the sign-in to everybody else. */
export function SessionProvider({ children }: { readonly children: ReactNode }) {
  const [state, setState] = useState<State>({ kind: 'asking' });
  const queries = useQueryClient();

  const forget = useCallback(() => {
    keepApiToken(null);
    keepCsrfToken(null);
    queries.clear();
    setState({ kind: 'stranger' });
  }, [queries]);

  const ask = useCallback(
    async (hasJustSignedIn = false) => {
      try {
        const session = await bodyOf(api.GET('/api/v1/session'));
        keepCsrfToken(session.csrf_token);
        const { pathname } = window.location;
        if (pathname === SIGN_IN_PATH || (hasJustSignedIn && pathname === '/'))
          window.history.replaceState(null, '', homeOf(session.roles));
        setState({ kind: 'known', session });
      } catch (error) {
        if (error instanceof ApiProblem && error.isPassing) setState({ kind: 'unreachable' });
        else forget();
      }
    },
    [forget],
  );

  useEffect(() => {
    whenSignedOut(forget);
    void ask();
  }, [ask, forget]);

  useEffect(() => {
    if (state.kind !== 'unreachable') return undefined;
    const again = setTimeout(() => void ask(), 2_000);
    return () => {
      clearTimeout(again);
    };
  }, [state, ask]);

  const controls = useMemo<SessionControls | undefined>(() => {
    if (state.kind !== 'known') return undefined;
    const { session } = state;
    return {
      session,
      may: (permission) => session.permissions.includes(permission),
      signOut: async () => {
        if (apiToken() === null) await endSession().catch(unlessItIsOver);
        forget();
      },
    };
  }, [state, forget]);

  if (window.location.pathname === '/welcome') return <WelcomePage />;
  if (controls !== undefined) return <SessionContext value={controls}>{children}</SessionContext>;
  if (state.kind === 'asking') return null;
  return <SignInPage isUnreachable={state.kind === 'unreachable'} onSignedIn={() => void ask(true)} />;
}

/** Twice where another tab has signed in since: the session is another then, and so is its token. */
async function endSession(): Promise<void> {
  try {
    await api.DELETE('/api/v1/session');
  } catch (error) {
    if (!(error instanceof ApiProblem) || error.type !== 'csrf') throw error;
    keepCsrfToken((await bodyOf(api.GET('/api/v1/session'))).csrf_token);
    await api.DELETE('/api/v1/session');
  }
}

function unlessItIsOver(error: unknown): void {
  if (!(error instanceof ApiProblem) || error.status !== 401) throw error;
}
