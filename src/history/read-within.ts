import type { EntityManager } from 'typeorm';
import { hasCode } from '../kernel';
import { ProblemException, type ReadDatabase } from '../platform';

const QUERY_CANCELED = '57014';

/**
 * A look at the past that may take a limited time of the database, all of one moment.
 * @throws ProblemException 503 when it takes longer
 */
export async function readWithin<T>(
  database: Pick<ReadDatabase, 'transaction'>,
  longestMs: number,
  read: (tx: EntityManager) => Promise<T>,
): Promise<T> {
  try {
    return await database.transaction('REPEATABLE READ', async (tx) => {
      await tx.query(`SET LOCAL statement_timeout = ${String(longestMs)}`);
      return read(tx);
    });
  } catch (error) {
    if (!wasTooSlow(error)) throw error;
    throw new ProblemException(503, {
      type: 'too_slow',
      title: `A consulta passou de ${String(longestMs / 1_000)} segundos e foi interrompida: peça um período menor`,
    });
  }
}

/** Whether a statement was cut off by its time limit. */
export const wasTooSlow = (error: unknown): boolean => hasCode(error, QUERY_CANCELED);
