import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import type { ServiceProcess } from '../../support/service-process';
import { startStreamingReplica } from '../../support/streaming-replica';
import { asService } from '../../support/test-database';
import type { Watched } from './watched';

export interface Follower {
  readonly service: ServiceProcess;
  /** It goes on answering questions, and hears nothing new. */
  pause(): Promise<void>;
  end(): Promise<void>;
}

/** A process that reads from a replica of the database. */
export async function joinReplica(world: Watched): Promise<Follower> {
  const home = join(world.home, 'replica');
  const replica = await startStreamingReplica(
    { home: join(world.home, 'postgres'), url: world.databaseUrl },
    home,
  );
  const service = await world.join({ ARREMATE_ROLE: 'web', DATABASE_REPLICA_URL: asService(replica.url) });
  return {
    service,
    pause: async () => {
      const client = new Client({ connectionString: replica.url });
      await client.connect();
      await client.query('SELECT pg_wal_replay_pause()');
      await client.end();
    },
    end: async () => {
      await service.stop();
      await replica.stop();
      rmSync(home, { recursive: true });
    },
  };
}
