import type { DataSource } from 'typeorm';
import type { BlindIndex } from './field-cipher';
import { SettingsError } from '../settings';

/**
 * The first start notes which key the blind indexes are made with; a later start with another one is refused. It would
 * find nobody's earlier bids and count them as none, so that every limit per person would be passed.
 * @throws SettingsError
 */
export async function assertSameIndexKey(dataSource: DataSource, index: BlindIndex): Promise<void> {
  await dataSource.query(`INSERT INTO index_key (key_id) VALUES ($1) ON CONFLICT DO NOTHING`, [index.keyId]);
  const [known] = await dataSource.query<{ key_id: string }[]>(`SELECT key_id FROM index_key`);
  if (known?.key_id === index.keyId) return;
  throw new SettingsError([
    `ARREMATE_ENCRYPTION_KEY must end with the key that this database was begun with (id ${known?.key_id ?? 'unknown'}): people are found by it`,
  ]);
}
