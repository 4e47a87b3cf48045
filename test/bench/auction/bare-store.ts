import { Client, Pool } from 'pg';

/** The three durable moments of one auction; each is on disk when its promise resolves. */
export interface BareStore {
  /** @returns whether it came for the first time */
  received(key: string, body: string): Promise<boolean>;
  sending(key: string, proposal: string): Promise<void>;
  answered(key: string, answer: string): Promise<void>;
}

const TABLES = `
  CREATE TABLE webhook (key text PRIMARY KEY, body text NOT NULL, received_at timestamptz NOT NULL DEFAULT now());
  CREATE TABLE bid (key text PRIMARY KEY, proposal text NOT NULL, sending_at timestamptz NOT NULL DEFAULT now(),
    answer text, answered_at timestamptz) WITH (fillfactor = 70)`;

async function makeTables(url: string): Promise<void> {
  const client = new Client(url);
  await client.connect();
  await client.query(TABLES);
  await client.end();
}

/** A prepared statement and a commit for each write, over a few connections. */
export class OneByOneStore implements BareStore {
  private constructor(private readonly pool: Pool) {}

  static async open(url: string): Promise<OneByOneStore> {
    await makeTables(url);
    return new OneByOneStore(new Pool({ connectionString: url, max: 16 }));
  }

  async received(key: string, body: string): Promise<boolean> {
    const text = `INSERT INTO webhook (key, body) VALUES ($1, $2) ON CONFLICT DO NOTHING`;
    return (await this.pool.query({ name: 'received', text, values: [key, body] })).rowCount === 1;
  }

  async sending(key: string, proposal: string): Promise<void> {
    const text = `INSERT INTO bid (key, proposal) VALUES ($1, $2)`;
    await this.pool.query({ name: 'sending', text, values: [key, proposal] });
  }

  async answered(key: string, answer: string): Promise<void> {
    const text = `UPDATE bid SET answer = $2, answered_at = now() WHERE key = $1`;
    await this.pool.query({ name: 'answered', text, values: [key, answer] });
  }
}

interface Write {
  readonly key: string;
  readonly text: string;
  readonly done: (isNew: boolean) => void;
}

const WRITE_ALL = `
  WITH received AS (
    INSERT INTO webhook (key, body) SELECT * FROM unnest($1::text[], $2::text[]) ON CONFLICT DO NOTHING RETURNING key),
  sending AS (INSERT INTO bid (key, proposal) SELECT * FROM unnest($3::text[], $4::text[])),
  answered AS (
    UPDATE bid SET answer = given.answer, answered_at = now()
    FROM unnest($5::text[], $6::text[]) AS given (key, answer) WHERE bid.key = given.key)
  SELECT key FROM received`;

/** One connection, one statement: whatever is ready when a commit returns goes into the next. */
export class GroupCommittedStore implements BareStore {
  #received: Write[] = [];
  #sending: Write[] = [];
  #answered: Write[] = [];
  #isWriting = false;

  private constructor(private readonly client: Client) {}

  static async open(url: string): Promise<GroupCommittedStore> {
    await makeTables(url);
    const client = new Client(url);
    await client.connect();
    return new GroupCommittedStore(client);
  }

  received(key: string, body: string): Promise<boolean> {
    return this.#add(this.#received, key, body);
  }

  async sending(key: string, proposal: string): Promise<void> {
    await this.#add(this.#sending, key, proposal);
  }

  async answered(key: string, answer: string): Promise<void> {
    await this.#add(this.#answered, key, answer);
  }

  #add(queue: Write[], key: string, text: string): Promise<boolean> {
    return new Promise((done) => {
      queue.push({ key, text, done });
      if (!this.#isWriting) void this.#write();
    });
  }

  async #write(): Promise<void> {
    this.#isWriting = true;
    while (this.#received.length + this.#sending.length + this.#answered.length > 0) {
      const batches = [this.#received, this.#sending, this.#answered];
      [this.#received, this.#sending, this.#answered] = [[], [], []];
      const values = batches.flatMap((batch) => [batch.map(({ key }) => key), batch.map(({ text }) => text)]);
      const { rows } = await this.client.query<{ key: string }>({ name: 'write', text: WRITE_ALL, values });
      const fresh = new Set(rows.map(({ key }) => key));
      for (const { key, done } of batches.flat()) done(fresh.has(key));
    }
    this.#isWriting = false;
  }
}
