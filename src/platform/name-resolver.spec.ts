import dns from 'node:dns/promises';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NameServer } from '../../test/support/name-server';
import { NameResolver } from './name-resolver';

describe('resolving a name without holding up those of QI and the database', () => {
  const directory = mkdtempSync(join(tmpdir(), 'arremate-names-'));
  const hostsFile = join(directory, 'hosts');
  let nameServer: NameServer;
  let names: NameResolver;
  let systemAsked: string[];
  let answerOfSystem: () => void;
  beforeEach(async () => {
    nameServer = await NameServer.start({ 'partner.example': '203.0.113.7', 'dead.example': 'silent' });
    writeFileSync(hostsFile, '# ours\n10.0.0.9 relay.example Relay # pinned\n');
    names = new NameResolver({ servers: [nameServer.address], hostsFile, withinMs: 1_500 });
    systemAsked = [];
    jest.spyOn(dns, 'lookup').mockImplementation((name: string) => {
      systemAsked.push(name);
      return new Promise((resolve) => {
        answerOfSystem = () => {
          resolve([{ address: '10.0.0.3', family: 4 }] as never);
        };
      });
    });
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    await nameServer.stop();
  });
  afterAll(() => {
    rmSync(directory, { recursive: true });
  });

  it('asks the name servers, for as long as they may take', async () => {
    expect(await names.resolve('partner.example')).toEqual([{ address: '203.0.113.7', family: 4 }]);
    await expect(names.resolve('dead.example')).rejects.toMatchObject({ code: 'EAI_AGAIN' });
    expect(systemAsked).toEqual([]);
  });

  it('believes what is pinned on this machine before all', async () => {
    expect(await names.resolve('relay')).toEqual([{ address: '10.0.0.9', family: 4 }]);
    expect((await names.resolve('localhost'))[0]).toEqual({ address: '127.0.0.1', family: 4 });
    expect(nameServer.asked).toEqual([]);
  });

  it('asks the system for one at a time that no name server knows, and for none that was given up', async () => {
    const answers = ['mail', 'mail.infra'].map((name) =>
      names.resolve(name).catch((error: unknown) => error),
    );
    expect(await Promise.all(answers)).toEqual([
      expect.objectContaining({ code: 'EAI_AGAIN' }),
      expect.objectContaining({ code: 'EAI_AGAIN' }),
    ]);
    expect(systemAsked).toHaveLength(1);
    answerOfSystem();
    const anchors = names.resolve('anchors');
    for (let looks = 0; looks < 100 && systemAsked.length < 2; looks += 1)
      await new Promise((resolve) => setTimeout(resolve, 2));
    answerOfSystem();
    expect(await anchors).toEqual([{ address: '10.0.0.3', family: 4 }]);
    expect(systemAsked.slice(1)).toEqual(['anchors']);
  });

  it('fetches from where a name leads', async () => {
    writeFileSync(hostsFile, '127.0.0.1 anchors.example');
    const server = createServer((_, response) => response.end('kept'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const answer = await names.fetch(`http://anchors.example:${port}/`);
    expect(await answer.text()).toBe('kept');
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
});
