import { AsyncLocalStorage } from 'node:async_hooks';
import { DataSource, EntityManager } from 'typeorm';

/**
 * Whoever is in a transaction has a connection, and may not ask the same pool for a second one: as many of them as the pool
 * has connections would wait for each other until they time out. No test of one request sees that, so here it is an error.
 */
const inTransactionOf = new AsyncLocalStorage<DataSource>();

/** Of the given values one is the work, the other the isolation or nothing. */
type Transaction = (...given: readonly unknown[]) => Promise<unknown>;
const transaction = Reflect.get(EntityManager.prototype, 'transaction') as Transaction;
const createQueryRunner: DataSource['createQueryRunner'] = Reflect.get(
  DataSource.prototype,
  'createQueryRunner',
);

Reflect.set(EntityManager.prototype, 'transaction', function (this: EntityManager, ...given: unknown[]) {
  const inside = (work: (...args: unknown[]) => unknown) => (tx: unknown) =>
    inTransactionOf.run(this.dataSource, work, tx);
  const wrapped = given.map((one) =>
    typeof one === 'function' ? inside(one as Parameters<typeof inside>[0]) : one,
  );
  return Reflect.apply(transaction, this, wrapped);
});

Reflect.set(
  DataSource.prototype,
  'createQueryRunner',
  function (this: DataSource, ...args: Parameters<typeof createQueryRunner>) {
    if (inTransactionOf.getStore() === this)
      throw new Error('a second connection of the same pool is asked for within a transaction');
    return createQueryRunner.apply(this, args);
  },
);
