import { execFileSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ServiceProcess } from '../../support/service-process';
import type { Watched } from './watched';

const DISK_MB = 16;
const CHUNK = Buffer.alloc(64 * 1024);

export interface ThirdProcess {
  readonly service: ServiceProcess;
  /** Until one part in fifty is left. */
  fillDisk(): void;
  end(): Promise<void>;
}

/**
 * A process with a certificate that ends in five days, webhooks that must be signed, a data directory on a small disk, and a log that
 * takes no line.
 *
 * @throws where there is no openssl, or this user may not mount a disk
 */
export async function joinThird(world: Watched): Promise<ThirdProcess> {
  const home = mkdtempSync(join(tmpdir(), 'arremate-third-'));
  const [key, certificate, publicKey] = ['key.pem', 'certificate.pem', 'qi.pem'].map((name) =>
    join(home, name),
  );
  const disk = mkdtempSync(join(home, 'disk-'));
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK_MB}m`, 'tmpfs', disk], { stdio: 'ignore' });
  const subject = [
    '-x509',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:prime256v1',
    '-nodes',
    '-days',
    '5',
  ];
  execFileSync(
    'openssl',
    ['req', ...subject, '-subj', '/CN=localhost', '-keyout', key ?? '', '-out', certificate ?? ''],
    {
      stdio: 'ignore',
    },
  );
  const pair = generateKeyPairSync('ec', { namedCurve: 'secp521r1' });
  writeFileSync(publicKey ?? '', pair.publicKey.export({ type: 'spki', format: 'pem' }));
  const tls = createServer({ key: readFileSync(key ?? ''), cert: readFileSync(certificate ?? '') });
  await new Promise<void>((resolve) => tls.listen(0, '127.0.0.1', resolve));
  const service = await world.join({
    ARREMATE_ROLE: 'web',
    ARREMATE_DATA_DIR: disk,
    ARREMATE_LOG_FILE: '/dev/full',
    ARREMATE_PUBLIC_URL: `https://127.0.0.1:${(tls.address() as AddressInfo).port}`,
    QI_WEBHOOK_AUTH: 'jwt-v2',
    QI_PUBLIC_KEY_FILE: publicKey ?? '',
  });
  return {
    service,
    fillDisk: () => {
      for (let free = freeShare(disk); free > 0.02; free = freeShare(disk))
        appendFileSync(join(disk, 'filler'), CHUNK);
    },
    end: async () => {
      await service.stop();
      tls.closeAllConnections();
      await new Promise((resolve) => tls.close(resolve));
      execFileSync('umount', ['--lazy', disk]);
      rmSync(home, { recursive: true, force: true });
    },
  };
}

function freeShare(directory: string): number {
  const { bavail, blocks } = statfsSync(directory);
  return bavail / blocks;
}
