import { closeRun } from './test-database';
import { server } from './test-server';

/** jest's global teardown. */
export default async function stopPostgres(): Promise<void> {
  await closeRun();
  await server.stop();
}
