import type { DataSource } from 'typeorm';
import { verifyAuditTrail } from '../../src/access/verify-audit-trail';
import { systemClock } from '../../src/kernel';
import { AuditSeals, createDataSource, applyMigrations, readPrivilege } from '../../src/platform';
import { grantToService } from '../../src/platform/database/database-roles';
import { auditTrail } from '../support/audit-trail';
import { createTestDatabase, type TestDatabase } from '../support/test-database';
import { createAccessWorld } from './access-world';

const silent = { info: () => undefined, warn: () => undefined };

describe('the role that the service works under', () => {
  let database: TestDatabase;
  let owner: DataSource;
  let service: DataSource;
  beforeAll(async () => {
    database = await createTestDatabase();
    owner = await createDataSource(database.url, { poolSize: 2 }).initialize();
    service = await createDataSource(database.serviceUrl, { poolSize: 2 }).initialize();
    await record();
  });
  afterAll(async () => {
    await service.destroy();
    await owner.destroy();
    await database.drop();
  });

  const record = () =>
    service.transaction((tx) =>
      auditTrail(systemClock).record(tx, { actor: 'ana', action: 'session.ended', subject: 'x' }),
    );
  const grants = () =>
    owner.query<{ table: string; acl: string }[]>(
      `SELECT relname AS table, relacl::text AS acl FROM pg_class WHERE relacl IS NOT NULL ORDER BY 1`,
    );

  it.each([
    `UPDATE audit_event SET actor = 'x'`,
    `DELETE FROM audit_event`,
    `TRUNCATE audit_event`,
    `DROP TABLE audit_event`,
    `ALTER TABLE audit_event DISABLE TRIGGER ALL`,
    `ALTER TABLE audit_event DISABLE TRIGGER audit_event_append_only`,
    `DROP TRIGGER audit_event_append_only ON audit_event`,
    `DROP TRIGGER audit_event_stays_sealed ON audit_event`,
    `CREATE TRIGGER mine BEFORE INSERT ON audit_event FOR EACH ROW EXECUTE FUNCTION refuse_change()`,
    `CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'`,
    `SET session_replication_role = replica`,
    `DELETE FROM audit_head`,
    `TRUNCATE audit_head`,
    `UPDATE policy_activation SET reason = 'x'`,
    `DELETE FROM policy_activation`,
    `ALTER TABLE webhook_event DROP CONSTRAINT webhook_event_raw_key_id_bound`,
    `UPDATE index_key SET key_id = 'x'`,
    `DELETE FROM migration`,
    `TRUNCATE webhook_event CASCADE`,
    `CREATE TABLE mine (id int)`,
    `CREATE ROLE another`,
  ])('may not: %s', async (statement) => {
    await expect(service.query(statement)).rejects.toThrow(/permission denied|must be owner/);
  });

  it('may add to the audit trail', async () => {
    await record();
    expect(await readPrivilege(service)).toMatchObject({ privilege: 'restricted' });
    expect(await readPrivilege(owner)).toMatchObject({ privilege: 'owner' });
  });

  it('has rights on tables that come later, and those that a trigger refuses are taken back', async () => {
    await owner.query(`CREATE TABLE later (id int)`);
    await owner.query(`CREATE TABLE log (id int)`);
    await owner.query(`CREATE TRIGGER log_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON log
      FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()`);
    await owner.query(`GRANT TRUNCATE ON later TO PUBLIC`);
    await service.query(`INSERT INTO later VALUES (1)`);
    await grantToService(owner, database.serviceUrl);
    await service.query(`UPDATE later SET id = 2`);
    await service.query(`INSERT INTO log VALUES (1)`);
    await expect(service.query(`UPDATE log SET id = 2`)).rejects.toThrow('permission denied');
    await owner.query(`DROP TABLE later, log`);
  });

  it('is given nothing twice, and what it has too much of is taken back', async () => {
    const before = await grants();
    const { role } = await readPrivilege(service);
    await owner.query(`GRANT ALL ON audit_event TO ${role}`);
    expect(await readPrivilege(service)).toMatchObject({ privilege: 'excessive' });
    await Promise.all([
      grantToService(owner, database.serviceUrl),
      grantToService(owner, database.serviceUrl),
    ]);
    expect(await readPrivilege(service)).toMatchObject({ privilege: 'restricted' });
    expect(await grants()).toEqual(before);
  });

  it('is made where it is missing; by an owner who may not, it is asked for', async () => {
    const url = new URL(database.url);
    const name = `${url.pathname.slice(1)}_new`;
    [url.username, url.password] = [name, "it's a secret"];
    await grantToService(owner, url.href);
    const fresh = await createDataSource(url.href, { poolSize: 1 }).initialize();
    try {
      expect(await readPrivilege(fresh)).toEqual({ role: name, privilege: 'restricted' });
      url.username = `${name}er`;
      await expect(grantToService(fresh, url.href)).rejects.toThrow(`CREATE ROLE ${name}er`);
    } finally {
      await fresh.destroy();
      await owner.query(`DROP OWNED BY ${name}`);
      await owner.query(`DROP ROLE ${name}`);
    }
  });

  it('cannot change the schema: an old one is one clear error', async () => {
    const { url: ownerUrl, serviceUrl: url } = database;
    const alone = () => applyMigrations({ url, ownerUrl: undefined }, silent);
    expect(await alone()).toEqual([]);
    await owner.query(`DELETE FROM migration WHERE id = (SELECT max(id) FROM migration)`);
    await expect(alone()).rejects.toThrow('DATABASE_OWNER_URL');
    await owner.query(`DROP SCHEMA public CASCADE; CREATE SCHEMA public`);
    await expect(alone()).rejects.toThrow('DATABASE_OWNER_URL');
    expect((await applyMigrations({ url, ownerUrl }, silent)).length).toBeGreaterThan(10);
    expect(await applyMigrations({ url, ownerUrl }, silent)).toEqual([]);
    expect(await alone()).toEqual([]);
    await record();
  });
});

describe('the report and the readiness', () => {
  it.each(['restricted', 'owner'] as const)('say that the service is %s', async (privilege) => {
    const database = await createTestDatabase();
    const { url, serviceUrl } = database;
    const world = await createAccessWorld({ DATABASE_URL: privilege === 'owner' ? url : serviceUrl });
    try {
      const { body } = await world.master('GET', '/api/v1/system');
      expect(body['database']).toMatchObject({ privilege });
      const ready = await world.call('GET', '/health/ready');
      expect(ready.body['database']).toEqual({ privilege });
      const warned = world.logged.filter((line) => line.includes('could drop the triggers'));
      expect(warned).toHaveLength(privilege === 'owner' ? 1 : 0);
    } finally {
      await world.close();
      await database.drop();
    }
  });

  it('a first start with both roles makes everything that is missing', async () => {
    const database = await createTestDatabase();
    const owner = await createDataSource(database.url, { poolSize: 1 }).initialize();
    await owner.query(`DROP SCHEMA public CASCADE; CREATE SCHEMA public`);
    await owner.destroy();
    const world = await createAccessWorld({
      DATABASE_URL: database.serviceUrl,
      DATABASE_OWNER_URL: database.url,
    });
    try {
      expect((await world.master('GET', '/api/v1/system')).body['database']).toMatchObject({
        privilege: 'restricted',
      });
      await world.tokenFor('viewer');
      expect(await verifyAuditTrail(world.dataSource, world.app.get(AuditSeals))).toMatchObject({
        kind: 'intact',
      });
    } finally {
      await world.close();
      await database.drop();
    }
  });
});
