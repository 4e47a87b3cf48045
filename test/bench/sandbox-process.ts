import { fork } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { findFreePort } from '../../launcher/ports';
import type { BehaviourChange } from '../../sandbox/behaviour';
import { surroundings } from '../support/service-process';
import { waitFor } from '../support/wait-for';

export interface SandboxProcess {
  readonly url: string;
  change(behaviour: BehaviourChange): Promise<void>;
  stop(): Promise<void>;
}

/** The built sandbox as a process of its own, so that it takes no time from whoever measures. It ends with this one. */
export async function startSandboxProcess(seed: number): Promise<SandboxProcess> {
  const port = await findFreePort();
  const child = fork(resolve('dist/sandbox/main.js'), [], {
    env: { ...surroundings, SANDBOX_PORT: String(port), SANDBOX_SEED: String(seed) },
    execArgv: ['--require', resolve('dist/launcher/child-guard.js')],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const url = `http://127.0.0.1:${port}`;
  const change = async (behaviour: BehaviourChange): Promise<void> => {
    const body = JSON.stringify(behaviour);
    const answer = await fetch(`${url}/_control/behaviour`, { method: 'PUT', body });
    if (!answer.ok) throw new Error(await answer.text());
  };
  await waitFor('the sandbox', () =>
    change({}).then(
      () => true,
      () => undefined,
    ),
  );
  return {
    url,
    change,
    stop: async () => {
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}
