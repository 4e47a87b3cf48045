import { spawn, type ChildProcess } from 'node:child_process';
import { accessSync, constants, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { findFreePort } from '../../../launcher/ports';
import { API_TOKEN, type ServiceProcess } from '../../support/service-process';
import { RULES_FILE } from '../../support/prometheus-rules';
import { waitFor } from '../../support/wait-for';

/** Where a program stands that has this name, or is named by its path. */
function located(program: string): string | undefined {
  const places = program.includes('/')
    ? [program]
    : (process.env['PATH'] ?? '').split(delimiter).map((directory) => join(directory, program));
  return places.find((place) => {
    try {
      accessSync(place, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** A real Prometheus with the rules of config/observability: everything an alert waits for is seconds instead of minutes. */
export class Prometheus {
  private constructor(
    private readonly home: string,
    private readonly url: string,
    private readonly process: ChildProcess,
  ) {}

  /** @returns undefined where the machine has none */
  static async start(): Promise<Prometheus | undefined> {
    const program = located(process.env['PROMETHEUS'] ?? 'prometheus');
    if (program === undefined) return undefined;
    const home = mkdtempSync(join(tmpdir(), 'arremate-prometheus-'));
    const rules = readFileSync(RULES_FILE, 'utf8')
      .replaceAll(/\bfor: \d+[smh]$/gm, 'for: 4s')
      .replaceAll(/\[\d+[smh]\]/g, '[20s]')
      .replaceAll(/offset \d+[smh]/g, 'offset 20s');
    writeFileSync(join(home, 'alerts.yaml'), rules);
    writeFileSync(join(home, 'targets.json'), '[]');
    writeFileSync(join(home, 'prometheus.yml'), CONFIGURATION);
    const port = await findFreePort();
    const options = [
      `--config.file=${home}/prometheus.yml`,
      `--storage.tsdb.path=${home}/data`,
      `--web.listen-address=127.0.0.1:${port}`,
    ];
    const child = spawn(program, options, { stdio: 'ignore' });
    const prometheus = new Prometheus(home, `http://127.0.0.1:${port}`, child);
    await waitFor('Prometheus', () => prometheus.firing().catch(() => undefined), { timeoutMs: 30_000 });
    return prometheus;
  }

  /** Who is scraped from now on. */
  watch(services: readonly ServiceProcess[]): void {
    const targets = services.map(({ url }) => url.replace('http://', ''));
    const file = join(this.home, 'targets.json');
    writeFileSync(`${file}.new`, JSON.stringify([{ targets }]));
    renameSync(`${file}.new`, file);
  }

  /** The names of the alerts that fire now. */
  async firing(): Promise<ReadonlySet<string>> {
    const response = await fetch(`${this.url}/api/v1/alerts`);
    const { data } = (await response.json()) as {
      data: { alerts: { state: string; labels: { alertname: string } }[] };
    };
    return new Set(
      data.alerts.filter(({ state }) => state === 'firing').map(({ labels }) => labels.alertname),
    );
  }

  async end(): Promise<void> {
    const exited = new Promise((resolve) => this.process.once('exit', resolve));
    this.process.kill('SIGTERM');
    await exited;
    rmSync(this.home, { recursive: true, force: true });
  }
}

const CONFIGURATION = `
global: { scrape_interval: 2s, scrape_timeout: 2s, evaluation_interval: 1s }
rule_files: [alerts.yaml]
scrape_configs:
  - job_name: arremate
    authorization: { credentials: ${API_TOKEN} }
    file_sd_configs: [{ files: [targets.json], refresh_interval: 1s }]
`;
