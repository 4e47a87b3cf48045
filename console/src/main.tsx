import 'dayjs/locale/pt-br';
import './mantine.css';
import './styles.css';
import { MantineProvider } from '@mantine/core';
import { DatesProvider } from '@mantine/dates';
import { Notifications } from '@mantine/notifications';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { ApiProblem } from './api/problem';
import { router } from './router';
import { attendance } from './session/attendance';
import { SessionProvider } from './session/session-provider';
import { readable, theme } from './theme';

const MAX_RETRIES = 3;

/**
 * Whether there is a network, only an answer shows. By itself the library keeps what is pressed without one, says nothing,
 * and sends it once there is one: by then nobody may want it any more.
 */
const ASKED_AT_ONCE = { networkMode: 'always' } as const;

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      ...ASKED_AT_ONCE,
      refetchOnReconnect: true,
      staleTime: 5_000,
      // What may pass is tried again; what is wrong stays wrong.
      retry: (failures, error) => error instanceof ApiProblem && error.isPassing && failures < MAX_RETRIES,
    },
    mutations: ASKED_AT_ONCE,
  },
});

/** The nonce of this page's content security policy: the browser takes no style sheet without it. */
const nonce = document.querySelector<HTMLMetaElement>('meta[property=csp-nonce]')?.nonce ?? '';
// Under this name the library that keeps the page still behind a dialog looks for it.
Object.assign(globalThis, { __webpack_nonce__: nonce });

attendance.watch(window);

const root = document.getElementById('root');
if (root === null) throw new Error('the page has no root');
createRoot(root).render(
  <StrictMode>
    <MantineProvider
      theme={theme}
      cssVariablesResolver={readable}
      defaultColorScheme="auto"
      getStyleNonce={() => nonce}
    >
      <DatesProvider settings={{ locale: 'pt-br', firstDayOfWeek: 0 }}>
        <Notifications position="top-right" />
        <QueryClientProvider client={queries}>
          <SessionProvider>
            <RouterProvider router={router} />
          </SessionProvider>
        </QueryClientProvider>
      </DatesProvider>
    </MantineProvider>
  </StrictMode>,
);
