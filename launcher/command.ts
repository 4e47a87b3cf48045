import { join, relative } from 'node:path';
import { Client } from 'pg';
import { runningEmbeddedPostgres, startEmbeddedPostgres } from './embedded-postgres';
import { dataDirectory, embeddedEnvironment, given, type Environment } from './environment';
import { LaunchError } from './launch-error';
import { eventually } from './processes';
import { StartLock } from './start-lock';

/** What the command held open itself is let go of within this time. */
const LETTING_GO_MS = 1_000;

export interface Command {
  readonly environment: Environment;
  /**
   * Stops the database that was started for the command, unless somebody uses it by now: an `npm start` that has taken it over,
   * another command. Then it runs on; the next `npm start` takes it over, and stops it at its end.
   */
  close(): Promise<void>;
}

/**
 * The environment for a command beside the service: with the embedded database if that runs, and with one
 * started for it if it needs one. Ends the process with a message where that fails.
 */
export async function openCommand(
  root: string,
  environment: Environment,
  needsDatabase: boolean,
): Promise<Command> {
  const dataDir = dataDirectory(environment, root);
  const nothingToClose = (): Promise<void> => Promise.resolve();
  if (given(environment)['DATABASE_URL'] !== undefined) return { environment, close: nothingToClose };
  const home = join(dataDir, 'postgres');
  const running = runningEmbeddedPostgres(home);
  if (running === undefined && !needsDatabase) return { environment, close: nothingToClose };
  if (needsDatabase)
    process.stderr.write(`DATABASE_URL is not set: PostgreSQL in ${relative(root, home)} is used\n`);
  try {
    const postgres = running === undefined ? await startEmbeddedPostgres(home) : undefined;
    const url = postgres?.url ?? running ?? '';
    const presence = await connect(url);
    return {
      environment: embeddedEnvironment(environment, dataDir, url),
      close: async () => {
        const isOurs = postgres !== undefined && !StartLock.isHeld(dataDir) && (await isAlone(presence));
        await presence?.end();
        if (isOurs) await postgres.stop();
      },
    };
  } catch (error) {
    if (!(error instanceof LaunchError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
}

/** Open as long as the command, which needs a moment to connect: whoever started the server sees by it that it is in use. */
async function connect(url: string): Promise<Client | undefined> {
  const client = new Client({ connectionString: url, ssl: false });
  client.on('error', () => undefined); // the server may stop before us
  try {
    await client.connect();
    return client;
  } catch {
    return undefined; // the command meets the same, and reports it
  }
}

async function isAlone(presence: Client | undefined): Promise<boolean> {
  const nobodyElse = async (): Promise<boolean> => {
    const others = await presence?.query(
      'SELECT FROM pg_stat_activity WHERE client_addr IS NOT NULL AND pid <> pg_backend_pid()',
    );
    return others?.rowCount === 0;
  };
  return eventually(nobodyElse, LETTING_GO_MS).catch(() => false);
}
