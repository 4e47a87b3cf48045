import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { ServiceProcess } from '../../support/service-process';
import { emptyDatabase } from '../../support/test-database';

export const SUBJECTS = ['usual', 'bare', 'grouped', 'arremate'] as const;
export type SubjectName = (typeof SUBJECTS)[number];

/** What is measured: a door for webhooks on a database of its own. */
export interface Subject {
  readonly name: SubjectName;
  readonly databaseUrl: string;
  readonly ports: readonly number[];
  readonly pids: readonly number[];
  stop(): Promise<void>;
}

/** QI's place: knows which proposals came, and when. */
export interface Counterpart {
  readonly url: string;
  received(): Promise<Readonly<Record<string, readonly number[]>>>;
  forget(): Promise<void>;
  stop(): void;
}

export async function startCounterpart(): Promise<Counterpart> {
  const { child, port } = await startProgram('counterpart', {});
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    received: async () => (await (await fetch(`${url}/received`)).json()) as Record<string, number[]>,
    forget: async () => {
      await fetch(`${url}/forget`);
    },
    stop: () => child.kill(),
  };
}

/** @param processes of Arremate, on one database */
export async function startSubject(
  name: SubjectName,
  { server, qiUrl, logFile, processes = 1 }: SubjectOptions,
): Promise<Subject> {
  const databaseUrl = await emptyDatabase(server);
  if (name === 'arremate') return startArremate(databaseUrl, qiUrl, logFile, processes);
  const program = name === 'usual' ? 'usual-way' : 'bare-pipeline';
  const { child, port } = await startProgram(program, {
    DATABASE_URL: databaseUrl,
    QI_BASE_URL: qiUrl,
    BARE_WRITES: name === 'grouped' ? 'grouped' : 'one',
  });
  return {
    name,
    databaseUrl,
    ports: [port],
    pids: [child.pid ?? 0],
    stop: async () => {
      child.kill();
      await new Promise((resolve) => child.once('exit', resolve));
    },
  };
}

interface SubjectOptions {
  readonly server: string;
  readonly qiUrl: string;
  readonly logFile: string;
  readonly processes?: number;
}

async function startArremate(
  databaseUrl: string,
  qiBaseUrl: string,
  logFile: string,
  count: number,
): Promise<Subject> {
  const services: ServiceProcess[] = [];
  for (let nth = 0; nth < count; nth += 1) {
    const env = { ARREMATE_LOG_FILE: `${logFile}.${nth}` };
    services.push(await ServiceProcess.start({ databaseUrl, qiBaseUrl, env }));
  }
  return {
    name: 'arremate',
    databaseUrl,
    ports: services.map(({ url }) => Number(new URL(url).port)),
    pids: services.map(({ pid }) => pid),
    stop: async () => {
      await Promise.all(services.map((service) => service.stop()));
    },
  };
}

async function startProgram(
  name: string,
  env: Readonly<Record<string, string>>,
): Promise<{ readonly child: ChildProcess; readonly port: number }> {
  const child = spawn(process.execPath, [join(__dirname, `${name}.js`)], {
    env: { ...process.env, NODE_ENV: 'production', ...env },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const port = await new Promise<number>((resolve, reject) => {
    child.once('message', (message) => {
      resolve((message as { port: number }).port);
    });
    child.once('exit', () => {
      reject(new Error(`${name} ended before it listened`));
    });
  });
  return { child, port };
}
