import { Client } from 'pg';

/** The addresses of one database. */
export interface DatabaseRoles {
  /** As the service works. */
  readonly url: string;
  /** As the owner of the tables, where that is somebody else. */
  readonly ownerUrl: string | undefined;
}

/** Which database an address names, without who enters it: for people who must be sure that it is the right one. */
export function databaseAt(url: string): string {
  const { database, host, port } = new Client({ connectionString: url });
  return `${database} at ${host}:${port}`;
}

/** Whether those who connect can take it apart; an address of a socket names no host, which a plain URL must. */
export function isDatabaseAddress(url: string): boolean {
  try {
    databaseAt(url);
    decodeURIComponent(url);
    return true;
  } catch {
    return false;
  }
}
